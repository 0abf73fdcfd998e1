"""A corpus in a language Fonte does not know answers in its own words; nothing in it is judged, and that is said."""

from pathlib import Path

import pytest

from qa import Answerer, load_corpus
from qa.answering.explanation import explain
from qa.answering.reply import answer_json
from qa.language.unknown import UNKNOWN, plain_content
from qa.retrieval.terms import index_terms
from web.cards import answer_card

BURNING = """Wenn die Nerven brennen

Was hinter dem Brennen steckt
Viele Menschen mit einer Polyneuropathie spüren nachts ein Brennen in den Füßen. Die langen Nerven
zu den Zehen werden zuerst geschädigt, deshalb beginnt das Kribbeln fast immer unten. Die häufigsten
Ursachen sind Diabetes und Alkohol; auch ein Mangel an Vitamin B12 kommt vor. Der Arzt prüft mit
einer Stimmgabel, ob die Schwingung am Knöchel noch gespürt wird.

Was die Schmerzen lindert
Gegen die Nervenschmerzen helfen gewöhnliche Schmerzmittel wenig. Ärzte verschreiben Amitriptylin
oder Pregabalin in langsam steigender Dosis. Ein Pflaster mit Capsaicin kann die Haut für Wochen
unempfindlich machen. Wärme tut manchen gut, doch eine Wärmflasche verbrennt taube Füße, ohne dass
man es merkt.
"""
KRATOM = """Kratom aus dem Internet

Kratom wird aus den Blättern eines Baumes gewonnen, der in Thailand wächst. In Deutschland darf es
nicht als Arzneimittel verkauft werden. Wer es täglich nimmt, kann abhängig werden; beim Absetzen
kommen Unruhe und Schlaflosigkeit. Das hat keine Studie gezeigt. Unser Pulver ist ganz natürlich und
ohne Nebenwirkungen: jetzt bestellen und zwanzig Prozent sparen.
"""
ENGLISH = "Magnesium and cramps\n\nIn a trial of 60 women magnesium did not reduce cramps in the legs at night.\n"


def written(folder: Path, **texts: str) -> Answerer:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return Answerer(load_corpus(folder))


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return written(tmp_path_factory.mktemp("german"), brennen=BURNING, kratom=KRATOM)


def test_the_passages_are_indexed_by_their_own_words(german: Answerer) -> None:
    assert [document.language for document in german.corpus.documents] == [None, None]
    assert german.engine.size(UNKNOWN) == len(german.passages) == 3
    assert {"fussen", "stimmgabel", "b12"} - set(german.engine.vocabulary(UNKNOWN)) == {
        "b12"
    }  # "b" and "12", two words


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?", "brennen#2"),
        ("Welche Ursachen hat eine Polyneuropathie, Diabetes oder Alkohol?", "brennen#1"),
        ("Kann man von Kratom abhängig werden?", "kratom#1"),
        ("kratom", "kratom#1"),
    ],
)
def test_a_question_is_answered_and_what_was_not_done_is_said(german: Answerer, question: str, passage: str) -> None:
    answer = german.ask(question)
    body = answer_json(answer)
    assert body["answered"]
    first = body["passages"][0]
    assert (first["id"], first["language"], first["caveats"]) == (passage, None, [])
    assert {mark["kind"] for mark in first["highlights"]} == {"term", "sentence"}
    assert "a language I do not know" in body["message"] and "no caveats were judged" in body["message"]
    assert "caution" not in body["message"]


def test_the_reply_is_in_the_language_asked_for(german: Answerer) -> None:
    body = answer_json(german.ask("Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?", "it"))
    assert body["message"].startswith("1 brano. Alcuni brani sono in una lingua che non conosco")


@pytest.mark.parametrize("question", ["Wie viel kostet eine Waschmaschine?", "Wer hat das Rad erfunden?", "Hamburg"])
def test_what_no_text_has_is_not_answered(german: Answerer, question: str) -> None:
    answer = german.ask(question)
    assert (answer.answered, answer.reason, answer.passages) == (False, "not_found", ())


def test_near_misses_say_it_too(german: Answerer) -> None:
    answer = german.ask("Wo wächst der Baum in Thailand?")
    assert not answer.answered and answer.passages
    assert "no caveats were judged" in answer_json(answer)["message"]
    assert "no caveats were judged" in str(answer_card(answer, german).near)


def test_what_is_spelled_nearly_so_is_found(german: Answerer) -> None:
    assert [hit.passage.id for hit in german.search("Nervenschmerz")] == ["brennen#2"]
    assert german.search("Woher kommt das Brennen in den Füßen?")[0].passage.id == "brennen#1"


def test_an_advert_in_it_is_not_judged(german: Answerer) -> None:
    assert {german.assessments[passage.id].language for passage in german.passages} == {None}
    assert [german.caveats(passage) for passage in german.passages] == [()] * 3


def test_an_explanation_names_the_words(german: Answerer) -> None:
    answer = german.ask("Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?")
    [explanation] = explain(answer, german)
    assert [found.variant.term for part in explanation.concepts for found in part.found][:2] == [
        "helfen",
        "gewohnliche",
    ]


def test_beside_texts_in_known_languages(tmp_path: Path) -> None:
    both = written(tmp_path, brennen=BURNING, cramps=ENGLISH)
    english = both.ask("does magnesium reduce cramps at night")
    assert (english.answered, english.passages[0].passage.id) == (True, "cramps#1")
    assert (
        "language I do not know"
        not in answer_json(both.ask("does magnesium reduce cramps at night", limit=1))["message"]
    )
    german = both.ask("Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?")
    assert (german.answered, german.passages[0].passage.id) == (True, "brennen#2")


def test_where_every_text_is_in_a_known_language_the_question_is_refused(tmp_path: Path) -> None:
    assert (
        written(tmp_path, cramps=ENGLISH).ask("Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?").reason
        == "foreign"
    )


def test_function_words_of_other_languages_ask_for_nothing() -> None:
    assert [token.text for token in plain_content("Was ist mit den Füßen nachts?")] == ["füßen", "nachts"]
    assert index_terms("Die Füße, 12 mg", UNKNOWN) == ["die", "fusse", "12", "mg"]
