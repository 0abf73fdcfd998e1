"""The shipped corpus and its questions, asked once for all tests of the evaluation; and a small corpus to break."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from qa import Answerer, load_corpus
from qa.evaluation.measures import Result, measure
from qa.evaluation.outcomes import Asked, Asker, ask_all
from qa.evaluation.questions import QuestionSet, read_questions
from qa.evaluation.relevance import judge_quotes
from qa.settings import SHIPPED_CORPUS

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

Judged = dict[str, dict[str, int]]


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture(scope="session")
def asker(answerer: Answerer) -> Asker:
    return Asker(answerer)


@pytest.fixture(scope="session")
def shipped(answerer: Answerer) -> QuestionSet:
    return read_questions(SHIPPED_CORPUS / "questions.jsonl", answerer.corpus)


@pytest.fixture(scope="session")
def judgments(answerer: Answerer, shipped: QuestionSet) -> Judged:
    return judge_quotes(shipped.questions, answerer.passages)


@pytest.fixture(scope="session")
def asked(asker: Asker, shipped: QuestionSet) -> Asked:
    return ask_all(asker, shipped)


@pytest.fixture(scope="session")
def result(asker: Asker, shipped: QuestionSet, asked: Asked, judgments: Judged) -> Result:
    return measure(shipped, asked, judgments, asker.passages)


@pytest.fixture(scope="session")
def judge() -> ModuleType:
    """The outside judge, a script that measures a running server."""
    path = SHARED / "measure.py"
    if not path.is_file():
        pytest.skip("the outside judge, ../shared/measure.py, is not here")
    spec = importlib.util.spec_from_file_location("outside_judge", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = {
    "en/ginger.txt": "Ginger and nausea\n\nGinger tea eased nausea in a trial of 60 pregnant women. "
    "The women drank it every morning for two weeks and felt better than those who drank plain water.\n",
    "en/willow.txt": "Willow bark and back pain\n\nWillow bark has been used against back pain since antiquity. "
    "Its salicin is turned into salicylic acid in the body, a relative of aspirin.\n",
    "it/zenzero.txt": "Zenzero e nausea\n\nLo zenzero calma la nausea del mattino. "
    "In uno studio su 60 donne incinte la tisana di zenzero ha ridotto la nausea dopo due settimane.\n",
}
ROWS: list[dict[str, Any]] = [
    {"id": "t-1", "lang": "en", "kind": "same", "question": "Does ginger help against nausea?",
     "gold": [{"doc": "en/ginger", "quote": "Ginger tea eased nausea in a trial of 60 pregnant women."}]},
    {"id": "t-2", "lang": "it", "kind": "cross", "question": "La corteccia di salice aiuta contro il mal di schiena?",
     "gold": [{"doc": "en/willow", "quote": "Willow bark has been used against back pain since antiquity."}]},
    {"id": "t-3", "lang": "en", "kind": "none", "question": "What is the capital of Peru?", "gold": [], "topic": "off"},
]  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus folder of three texts and three questions."""
    folder = tmp_path / "small"
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return folder


@pytest.fixture
def write_rows(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows (objects, or lines as they are) to a file and gives its path."""

    def write(*rows: object, name: str = "rows.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows), "utf-8")
        return path

    return write
