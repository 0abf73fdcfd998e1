"""The second look: what is observed of a passage, on a small made corpus; weights are not judged here."""

from pathlib import Path

import pytest

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.retrieval.bm25 import K1
from qa.retrieval.fusion import Hit
from qa.retrieval.ranking import OBSERVATIONS, load_weights, mixed, observations

FILES = {
    "it/zinco.txt": "Zinco e raffreddore\n\n"
    "Lo zinco accorcia il raffreddore di un giorno. Costa circa 9 euro la confezione.\n\n"
    "Effetti\n\nLa nausea compare in chi prende lo zinco a digiuno. Il raffreddore passa da solo.\n",
    "it/miele.txt": "Miele e tosse\n\nIl miele calma la tosse dei bambini, ha visto uno studio.\n",
    "en/zinc.txt": "Zinc and the common cold\n\nZinc lozenges shorten a common cold by a day. They may cause nausea.\n",
}


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("ranking")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return Answerer(load_corpus(folder))


def observed(answerer: Answerer, question: str, code: str) -> dict[str, dict[str, float]]:
    """Passage id → its observations by name."""
    retriever = answerer.retriever
    query = answerer.query(question, code)
    found = observations(retriever.lists(query), retriever.asked(query), query.content)
    return {c.passage.id: dict(zip(OBSERVATIONS, values, strict=True)) for c, values in found}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Lo zinco accorcia il raffreddore?", "it"),
        ("Does honey calm a cough?", "en"),
        ("Quanto costa lo zinco?", "it"),
        ("side effects of zinc", "en"),
    ],
)
def test_observations_are_shares(answerer: Answerer, question: str, code: str) -> None:
    found = observed(answerer, question, code)
    assert found
    for values in found.values():
        assert list(values) == list(OBSERVATIONS)
        reach = values.pop("reach")  # beside a passage that says each word once; BM25 gives 1 + k1 at the most
        assert 0 <= reach <= 1 + K1
        assert all(0 <= value <= 1 + 1e-9 for value in values.values())


def test_the_passage_with_more_of_the_question_is_seen_to_have_more(answerer: Answerer) -> None:
    found = observed(answerer, "Lo zinco accorcia il raffreddore?", "it")
    best = found["it/zinco#1"]
    assert best["share of best"] == 1.0
    assert best["closeness"] == max(each["closeness"] for each in found.values())
    assert best["concepts"] > found["it/zinco#2"]["concepts"]


def test_words_in_one_sentence_are_closer_than_the_same_words_apart(answerer: Answerer) -> None:
    found = observed(answerer, "nausea e raffreddore", "it")
    assert found["it/zinco#2"]["closeness"] < 1.0  # in two sentences
    assert found["it/zinco#2"]["reach"] > found["it/zinco#1"]["reach"]


def test_words_that_stand_together_in_the_question_are_looked_for_together(answerer: Answerer) -> None:
    found = observed(answerer, "Lo zinco accorcia il raffreddore?", "it")
    near, apart = found["it/zinco#1"], found["it/zinco#2"]
    assert near["side by side"] >= near["in order"] > 0
    assert apart["in order"] == 0
    backwards = observed(answerer, "Il raffreddore, lo accorcia lo zinco?", "it")["it/zinco#1"]
    assert backwards["side by side"] > backwards["in order"] == 0


def test_the_topic_of_the_question_is_seen(answerer: Answerer) -> None:
    found = observed(answerer, "Il miele calma la tosse?", "it")
    assert found["it/miele#1"]["on topic"] == 1.0
    assert found["it/miele#1"]["off topic"] == 0.0


def test_the_fact_asked_for_is_seen(answerer: Answerer) -> None:
    found = observed(answerer, "Quanto costa lo zinco?", "it")
    assert found["it/zinco#1"]["tells"] > found["it/zinco#2"]["tells"]
    assert found["it/zinco#1"]["does not tell"] == 0 < found["it/zinco#2"]["does not tell"]


def test_translations_are_direct_and_synonyms_near(answerer: Answerer) -> None:
    found = observed(answerer, "Does zinc shorten a common cold?", "en")
    assert found["it/zinco#1"]["direct closeness"] > 0


def test_the_shipped_weights_fit_the_observations() -> None:
    assert len(load_weights()) == len(OBSERVATIONS)


def hit(code: str, ordinal: int, score: float) -> Hit:
    return Hit(Passage(Document(code, f"{code}.txt", "x" * 99, code, code), ordinal, None, ordinal, ordinal + 1), score)


def test_mixing_keeps_the_first_place_and_loses_nothing() -> None:
    hits = [hit("it", n, 10.0 - n) for n in range(1, 15)] + [hit("en", 1, 0.1)]
    result = mixed(hits)
    assert result[0] == hits[0]
    assert sorted(h.score for h in result) == sorted(h.score for h in hits)
    for code in ("it", "en"):
        assert [h for h in result if h.passage.language == code] == [h for h in hits if h.passage.language == code]


def test_mixing_brings_a_near_equal_of_another_language_forward() -> None:
    hits = [*(hit("it", n, 10 - n / 10) for n in range(1, 10)), hit("en", 1, 9.05), hit("it", 10, 1.0)]
    assert [h.passage.language for h in mixed(hits)].index("en") < 9


@pytest.mark.parametrize("hits", [[], [hit("it", 1, 1.0)]])
def test_mixing_little(hits: list[Hit]) -> None:
    assert mixed(hits) == hits
