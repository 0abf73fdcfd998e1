"""The collection in OpenSearch: answers, caveats and documents as from the folder, which nobody reads for it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa import Answerer, load_corpus
from qa.answering.of_settings import open_answerer
from qa.answering.reply import answer_json, document_json
from qa.cache import in_use
from qa.documents.corpus import Corpus
from qa.errors import EngineError
from qa.evidence.assessment import Assessment
from qa.evidence.assessments import Assessments
from qa.language.unknown import UNKNOWN
from qa.retrieval import opensearch_collection
from qa.retrieval.cache import open_index
from qa.retrieval.opensearch import OpenSearchEngine
from qa.retrieval.opensearch_collection import Collection
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS, Settings
from tests.cluster.conftest import Cluster
from tests.web.zinc import write_corpus
from web.app import create_app
from web.reloading import Reloader, ready

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "tests" / "further" / "french"
GERMAN = """Wenn die Nerven brennen

Was hinter dem Brennen steckt
Viele Menschen mit einer Polyneuropathie spüren nachts ein Brennen in den Füßen. Die langen Nerven zu den Zehen
werden zuerst geschädigt. Die häufigsten Ursachen sind Diabetes und Alkohol, auch ein Mangel an Vitamin B12 kommt vor.

Was die Schmerzen lindert
Gegen die Nervenschmerzen helfen gewöhnliche Schmerzmittel wenig. Ärzte verschreiben Amitriptylin in langsam
steigender Dosis. Ein Pflaster mit Capsaicin kann die Haut für Wochen unempfindlich machen.
"""


def settings(cluster: Cluster, name: str) -> Settings:
    """Settings of a web process that knows of no folder."""
    return Settings(corpus=Path("nowhere"), engine="opensearch", url=",".join(cluster.urls), index=name, timeout=120)


def store(cluster: Cluster, name: str, corpus: Corpus, assessments: Mapping[str, Assessment] | None = None) -> None:
    """Does what `qa index` does."""
    made = open_index(corpus, Parts(), in_use())
    engine = OpenSearchEngine(cluster.client(), name)
    beside = Collection(corpus, made, assessments or Assessments(made.passages, corpus.digest, in_use()))
    engine.write(made.entries(), corpus.digest, beside=beside)
    engine.close()


def opened(cluster: Cluster, name: str) -> Answerer:
    """Does what a web process does when it starts."""
    return open_answerer(settings(cluster, name), pytest.fail)


def alike(one: Any, other: Any) -> bool:
    """The same JSON, up to the seventh digit of a number."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, Sequence) and not isinstance(one, str):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == (pytest.approx(other, rel=2e-6, abs=2e-6) if isinstance(other, float) else other))


@pytest.fixture(scope="module")
def folder() -> Answerer:
    """Over the five texts, as they lie in their folder."""
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture(scope="module")
def stored(cluster: Cluster, folder: Answerer) -> Answerer:
    """Over the same, out of the index."""
    store(cluster, "five", folder.corpus)
    return opened(cluster, "five")


def test_answers(folder: Answerer, stored: Answerer) -> None:
    rows = [json.loads(line) for line in folder.corpus.questions.splitlines()]
    for row in rows[::5]:
        asked = [answer_json(each.ask(row["question"])) for each in (folder, stored)]
        assert alike(*asked), row["question"]


def test_assessments_are_those_that_would_be_made(folder: Answerer, stored: Answerer) -> None:
    assert stored.assessments == dict(folder.assessments)
    for own, other in zip(folder.passages, stored.passages, strict=True):
        assert stored.caveats(other) == folder.caveats(own)
        assert (other.text, other.pages, other.id) == (own.text, own.pages, own.id)


def test_documents(folder: Answerer, stored: Answerer) -> None:
    assert stored.corpus.digest == folder.corpus.digest
    for whole in (False, True):
        for own, other in zip(folder.corpus.documents, stored.corpus.documents, strict=True):
            assert document_json(other, stored, "it", whole) == document_json(own, folder, "it", whole)


def test_every_page(folder: Answerer, stored: Answerer) -> None:
    pages = [create_app(each, Settings()).test_client() for each in (folder, stored)]
    first = folder.corpus.documents[0].id
    for path in ("/", "/documents", f"/documents/{first}", "/?q=magnesium+for+sciatica"):
        own, other = (page.get(path, headers={"Accept": "text/html"}) for page in pages)
        assert (other.status_code, other.text) == (own.status_code, own.text)
    assert pages[1].get("/healthz").json["engine"] == "opensearch"


def test_assessments_come_out_of_the_index(cluster: Cluster, folder: Answerer) -> None:
    first = folder.passages[0].id
    marked = {name: replace(made, promotional="sell") for name, made in folder.assessments.items() if name == first}
    store(cluster, "marked", folder.corpus, {**folder.assessments, **marked})
    found = opened(cluster, "marked").assessments
    assert (found[first], found[folder.passages[1].id]) == (marked[first], folder.assessments[folder.passages[1].id])


def test_parts_and_pieces_are_put_together(cluster: Cluster, folder: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_collection, "_PART_ROWS", 7)
    monkeypatch.setattr(opensearch_collection, "_PIECE", 1_000)
    store(cluster, "pieces", folder.corpus)
    found = opened(cluster, "pieces")
    assert found.corpus.questions == folder.corpus.questions
    assert [each.text for each in found.corpus.documents] == [each.text for each in folder.corpus.documents]
    assert [each.text for each in found.passages] == [each.text for each in folder.passages]


def test_an_index_of_another_version_is_refused(cluster: Cluster, folder: Answerer) -> None:
    store(cluster, "older", folder.corpus)
    client = cluster.client()
    meta = next(iter(client.indices.get_mapping(index="older").values()))["mappings"]["_meta"]
    client.indices.put_mapping(index="older", body={"_meta": {**meta, "reading": "of other cues"}})
    with pytest.raises(EngineError, match=r"another version of Fonte .* run `qa index` again"):
        opened(cluster, "older")


def test_an_index_without_texts_is_refused(cluster: Cluster, folder: Answerer) -> None:
    made = open_index(folder.corpus, Parts(), in_use())
    OpenSearchEngine(cluster.client(), "bare").write(made.entries(), made.corpus)
    with pytest.raises(EngineError, match="holds no texts"):
        opened(cluster, "bare")
    answerer = Answerer(folder.corpus, OpenSearchEngine(cluster.client(), "bare"))  # who has the texts needs no others
    assert answerer.ask("is kratom addictive").passages


def test_a_server_changes_over(cluster: Cluster, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    store(cluster, "changing", load_corpus(corpus))
    told = settings(cluster, "changing")
    app = create_app(ready(open_answerer(told, pytest.fail)), told)
    reloader, client = Reloader(app, told, {}), app.test_client()
    before = client.post("/ask", json={"question": "zinc dressings"}).json
    with (corpus / "dressing.txt").open("a", encoding="utf-8") as file:
        file.write("\n\nCopper bracelets did nothing for the itching elbow of anybody who wore one.\n")
    store(cluster, "changing", load_corpus(corpus))
    assert client.post("/ask", json={"question": "zinc dressings"}).json == before
    assert app.config["ANSWERER"].engine.replaced()
    assert reloader.reload()
    assert not app.config["ANSWERER"].engine.replaced()
    found = client.post("/ask", json={"question": "copper bracelets"}).json
    assert "Copper bracelets" in found["passages"][0]["text"]
    document = app.config["ANSWERER"].corpus.documents[0]
    cluster.client().indices.delete(index="changing-*")
    gone = client.get(f"/documents/{document.id}", headers={"Accept": "application/json"})
    asked = client.post("/ask", json={"question": "itching elbow"})
    assert (gone.status_code, asked.status_code) == (503, 503)
    assert not reloader.reload()
    assert "no index" in client.get("/healthz").json["problem"]


def test_texts_in_no_known_language(cluster: Cluster, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    (corpus / "brennen.txt").write_text(GERMAN, "utf-8")
    (corpus / "sources.toml").unlink(missing_ok=True)
    folder = Answerer(load_corpus(corpus))
    store(cluster, "unknown", folder.corpus)
    stored = opened(cluster, "unknown")
    assert stored.engine.size(UNKNOWN) == folder.engine.size(UNKNOWN) > 0
    assert stored.engine.vocabulary(UNKNOWN) == dict(folder.engine.vocabulary(UNKNOWN))
    for question in (
        "Helfen gewöhnliche Schmerzmittel gegen die Nervenschmerzen?",
        "Welche Ursachen hat eine Polyneuropathie?",
        "capsaicin",
        "zinc dressings",
    ):
        asked = [answer_json(each.ask(question)) for each in (folder, stored)]
        assert alike(*asked)
        assert asked[1]["passages"], question


def test_a_further_language_on_the_command_line(cluster: Cluster, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(SHIPPED_CORPUS, corpus)
    shutil.copy(FRENCH / "neuropathie.txt", corpus)
    with (corpus / "sources.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + (FRENCH / "sources.toml").read_text("utf-8"))
    variables = {"QA_LANGUAGES": "fr", "QA_CACHE": str(tmp_path / "cache")}
    away = {"QA_URL": ",".join(cluster.urls), "QA_INDEX": "further", "QA_TIMEOUT": "120", "QA_ENGINE": "opensearch"}

    def qa(*arguments: str, **more: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
        done = subprocess.run(
            [sys.executable, "-m", "qa", *arguments],
            env={**environment, **variables, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    qa("index", "--corpus", str(corpus), **away)
    spoken = set()
    for question in ("Quels sont les signes d'une neuropathie ?", "Does magnesium help with sciatica?"):
        of_folder = json.loads(qa("ask", "--json", question, QA_CORPUS=str(corpus)))
        of_index = json.loads(qa("ask", "--json", question, QA_CORPUS=str(tmp_path / "nowhere"), **away))
        assert alike(of_folder, of_index)
        spoken |= {passage["language"] for passage in of_index["passages"]}
    assert "fr" in spoken
