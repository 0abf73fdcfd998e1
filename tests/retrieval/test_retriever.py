"""The retriever over a small made corpus and the shipped one: only what shares a term, always in the same order."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.documents.corpus import load_corpus
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS

ROOT = Path(__file__).parents[2]
SAME = "Il tiglio calma la tosse secca della notte.\n"
FILES = {
    **{f"it/{letter}.txt": SAME for letter in "dbca"},
    "it/miele.txt": "Il miele scioglie il catarro anche nei bambini.\n",
    "en/honey.txt": "Honey soothes a dry cough at night.\n",
}


def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    return Answerer(load_corpus(folder(tmp_path_factory.mktemp("retriever"))))


@pytest.fixture(scope="module")
def shipped() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


def found(answerer: Answerer, question: str, language: str | None = None) -> list[str]:
    return [hit.passage.id for hit in answerer.search(question, language)]


def test_equal_passages_come_in_the_order_of_their_ids(small: Answerer) -> None:
    ids = [name for name in found(small, "il tiglio") if name.startswith("it/")]
    assert ids == ["it/a#1", "it/b#1", "it/c#1", "it/d#1"]


def test_only_passages_that_share_a_term(small: Answerer) -> None:
    assert found(small, "i bambini") == ["it/miele#1"]
    assert found(small, "le tasse sulla casa") == []
    assert found(small, "") == []


def test_a_passage_of_the_other_language_is_found_through_the_lexicon(small: Answerer) -> None:
    assert "en/honey#1" in found(small, "Il miele calma la tosse?")
    assert "it/miele#1" in found(small, "Does honey help?", language="en")


def test_all_off_it_searches_the_questions_language_alone(tmp_path: Path) -> None:
    bare = Parts(**dict.fromkeys(Parts.__dataclass_fields__, False))
    plain = Answerer(load_corpus(folder(tmp_path)), parts=bare)
    assert found(plain, "Does honey soothe?", language="en") == ["en/honey#1"]
    assert found(plain, "il miele", language="it") == ["it/miele#1"]
    assert [hit.observations for hit in plain.search("il miele", "it")] == [()]


def test_limit(shipped: Answerer) -> None:
    whole = [hit.passage.id for hit in shipped.search("dolore ai nervi", limit=100)]
    assert len(whole) == len(set(whole)) > 10
    assert [hit.passage.id for hit in shipped.search("dolore ai nervi", limit=3)] == whole[:3]


QUESTIONS = ["Il magnesio aiuta contro la sciatica?", "Does ketamine help with fibromyalgia?", "kratom", "effetti"]


def test_the_same_ranking_twice(shipped: Answerer) -> None:
    for question in QUESTIONS:
        assert shipped.search(question) == shipped.search(question)


PRINT = """
import json, sys
from qa import Answerer, load_corpus
from qa.answering.reply import answer_json
answerer = Answerer(load_corpus(sys.argv[1]))
print(json.dumps([answer_json(answerer.ask(question)) for question in sys.argv[2:]]))
"""


def test_the_same_answers_whatever_the_hash_seed(shipped: Answerer, tmp_path: Path) -> None:
    """Under another seed sets are in another order; answers are not. Nothing kept is used: all is made anew."""
    environment = {**os.environ, "PYTHONHASHSEED": "20011", "QA_CACHE": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", PRINT, str(SHIPPED_CORPUS), *QUESTIONS],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == [answer_json(shipped.ask(question)) for question in QUESTIONS]
