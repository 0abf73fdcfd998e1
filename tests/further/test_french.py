"""French as data alone: understood, answered from, warned about; what is measured here is told in docs/languages.md."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from qa import Answerer, assess
from qa.answering.reply import answer_json
from qa.answering.smalltalk import smalltalk
from qa.evaluation.caveats import measure_caveats, read_labelled
from qa.evaluation.intervals import Figure
from qa.evaluation.measures import measure
from qa.evaluation.outcomes import Asker, ask_all
from qa.evaluation.questions import read_questions
from qa.evaluation.relevance import judge_quotes
from qa.evidence.alerts import alert
from qa.language.everyday import everyday_entries
from qa.language.files import DATA
from qa.language.messages import messages
from qa.language.registry import LANGUAGES
from qa.language.synonyms import read_groups
from qa.language.tokens import words
from qa.language.translation import read_lexicon, translations
from qa.settings import Settings
from web.app import create_app

HERE = Path(__file__).parent
FRENCH = LANGUAGES["fr"]

# Each floor is one or two questions below what was measured: ranking and threshold are trained on two languages,
# and every training moves a few of these.
QUESTION_FLOORS = {
    "hit@3": 0.65,
    "Success@1": 0.76,
    "Success@3": 0.88,
    "R@5": 0.93,
    "fr-fr.R@5": 0.93,
    "fr-en.R@5": 0.9,
    "fr-it.R@5": 0.9,
    "en-fr.R@5": 0.85,
    "it-fr.R@5": 0.85,
    "none.refused": 0.85,
}
CAVEAT_FLOORS = {
    "caveats.jsonl": {"promotional.F1": 0.95, "absolute_safety.F1": 0.95, "no_human.F1": 0.86, "right_reason": 0.78},
    "caveats-fresh.jsonl": {"promotional.F1": 0.45, "absolute_safety.F1": 0.95, "no_human.F1": 0.7},
}


def below(figures: Mapping[str, Figure], floors: Mapping[str, float]) -> dict[str, float]:
    return {name: figures[name].value for name, floor in floors.items() if figures[name].value < floor}


def test_questions_both_ways(answerer: Answerer) -> None:
    questions = read_questions(HERE / "questions.jsonl", answerer.corpus)
    asker = Asker(answerer)
    judged = judge_quotes(questions.questions, answerer.passages)
    figures = measure(questions, ask_all(asker, questions), judged, asker.passages).figures
    assert below(figures, QUESTION_FLOORS) == {}


@pytest.mark.parametrize("name", CAVEAT_FLOORS)
def test_caveats_of_labelled_passages(name: str) -> None:
    figures = measure_caveats(read_labelled(HERE / name)).figures
    assert below(figures, CAVEAT_FLOORS[name]) == {}
    assert figures["promotional.false_alarms"].value == 0


def test_caveats_of_the_text(answerer: Answerer) -> None:
    found = {
        passage.ordinal: {caveat.kind for caveat in answerer.assessments[passage.id].caveats}
        for passage in answerer.passages_of("fr/neuropathie")
    }
    assert found[3] == set()  # a trial in people
    assert found[4] == {"animal_evidence"}
    assert {"promotional", "absolute_safety"} <= found[5]
    assert found[6] == {"unnamed_studies"}
    assert [found[plain] for plain in (1, 2, 7, 8)] == [set()] * 4


@pytest.mark.parametrize(
    ("question", "document", "kinds"),
    [
        ("Le curcuma soulage-t-il vraiment les nerfs ?", "fr/neuropathie", {"animal_evidence"}),
        ("Quels sont les effets secondaires de Nervalis ?", "fr/neuropathie", {"promotional", "absolute_safety"}),
        ("Is Nervalis free of side effects?", "fr/neuropathie", {"promotional", "absolute_safety"}),
        ("Il curcuma allevia il dolore dei topi?", "fr/neuropathie", {"animal_evidence"}),
        ("Le magnésium aide-t-il contre la sciatique ?", "it/magnesio-e-dolore-ai-nervi", {"animal_evidence"}),
    ],
)
def test_an_answer_carries_its_caveats_across_languages(
    answerer: Answerer, question: str, document: str, kinds: set[str]
) -> None:
    passages = answer_json(answerer.ask(question))["passages"]
    told = [{caveat["kind"] for caveat in each["caveats"]} for each in passages if each["source"]["id"] == document]
    assert any(kinds <= each for each in told)


def test_the_reply_is_in_french(answerer: Answerer) -> None:
    body = answer_json(answerer.ask("Le kratom est-il dangereux ?"))
    assert body["language"] == "fr"
    assert body["notice"].startswith("Ceci n’est pas un avis médical.")
    assert "passages" in body["message"] and "avertissement" in body["message"]
    titles = {caveat["title"] for passage in body["passages"] for caveat in passage["caveats"]}
    assert titles & {"Études non précisées", "Promesse de sécurité absolue", "Des éloges, aucun inconvénient"}


def test_other_languages_are_still_refused(answerer: Answerer) -> None:
    answer = answerer.ask("Wie viel kostet Kratom und wo kann ich es kaufen?")
    assert answer.reason == "foreign"
    assert "English, français, italiano" in answer_json(answer)["message"]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Puis-je arrêter la gabapentine d'un coup ?", "medicine"),
        ("Ma fille de cinq ans peut-elle prendre du magnésium ?", "medicine"),
        ("J'ai avalé toute la boîte, que faire ?", "emergency"),
        ("Mon père n'arrive plus à respirer", "emergency"),
        ("Je veux en finir avec la vie", "emergency"),
        ("Le magnésium aide-t-il contre la sciatique ?", None),
        ("Quels aliments contiennent du magnésium ?", None),
        ("Comment se fait le diagnostic ?", None),
    ],
)
def test_alerts(question: str, kind: str | None) -> None:
    assert alert(question) == kind


def test_greetings() -> None:
    assert smalltalk("Bonjour !") == ("hello", "fr")
    assert smalltalk("Merci beaucoup") == ("thanks", "fr")
    assert smalltalk("Merci, et les effets indésirables ?") is None


def test_the_form_of_the_lexicons() -> None:
    for name in ("en-fr.tsv", "fr-it.tsv"):
        pairs = read_lexicon(DATA / name)
        assert len({(pair.left, pair.right) for pair in pairs}) == len(pairs) >= 1_400
        cells = [cell for pair in pairs for cell in (pair.left, pair.right)]
        assert [cell for cell in cells if cell != " ".join(cell.split()).lower() or not words(cell)] == []
        assert sum(pair.weight == 0 for pair in pairs) >= 15


@pytest.mark.parametrize(
    ("source", "target", "word", "meant"),
    [
        ("fr", "en", "douleurs nerveuses", "nerve pain"),
        ("fr", "it", "œdème", "edema"),
        ("fr", "it", "zona", "fuoco di sant'antonio"),
        ("it", "fr", "dipendenza", "dépendance"),
        ("en", "fr", "side effects", "effets indésirables"),
        ("en", "fr", "kidney", "rein"),
    ],
)
def test_translations(source: str, target: str, word: str, meant: str) -> None:
    assert meant in {each.text for each in translations(source, target).of(word)}


def test_synonyms_and_everyday_words() -> None:
    groups = [[member.text for member in group] for group in read_groups(FRENCH.folder / "synonyms.txt")]
    assert len(groups) >= 120
    assert [group for group in groups if len(set(group)) < len(group)] == []
    assert len(everyday_entries("fr")) >= 500


def test_messages() -> None:
    blanks = {code: re.findall(r"\{\w*\}", json.dumps(messages(code))) for code in LANGUAGES}
    assert sorted(blanks["fr"]) == sorted(blanks["en"])
    assert messages("fr").keys() == messages("en").keys()


def test_a_french_text_is_assessed_unasked() -> None:
    made = assess("Dans une étude chez des souris, le produit a soulagé la douleur en trois jours.")
    assert made.language == "fr"
    assert [caveat.kind for caveat in made.caveats] == ["animal_evidence"]


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> FlaskClient:
    return create_app(answerer, Settings()).test_client()


def test_the_server_takes_and_gives_french(client: FlaskClient) -> None:
    body = client.post("/ask", json={"question": "kratom", "language": "fr"}).get_json()
    assert body["notice"].startswith("Ceci n’est pas")
    assert client.get("/openapi.json").get_json()["components"]["schemas"]["AskRequest"]["properties"]["language"]
    page = client.get("/documents/fr/neuropathie", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "français" in page
    form = {"question": "Le magnésium aide-t-il contre la sciatique ?"}
    page = client.post("/ask?lang=it", data=form, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "Non è un consiglio medico" in page  # the interface's words, for it has none in French
    assert "Ceci n’est pas" not in page
    assert "In English, français or Italian" in client.get("/?lang=en").get_data(as_text=True)
