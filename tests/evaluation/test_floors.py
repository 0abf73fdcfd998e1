"""Answer quality is pinned like code: no figure may fall below what tests/floors.toml has.

The floors belong to data with a digest: when a question set changes, they are pinned anew, with
`python tests/evaluation/pin_floors.py`, which raises floors and lowers none unless told to.
"""

import hashlib

import pytest

from qa import Answerer
from qa.evaluation.caveats import measure_caveats, read_labelled
from qa.evaluation.gate import Pinned, fallen, read_floors
from qa.evaluation.intervals import Figure
from qa.evaluation.measures import measure
from qa.evaluation.outcomes import Asker, ask_all
from qa.evaluation.questions import read_questions
from qa.evaluation.relevance import judge_quotes
from tests.evaluation.conftest import ROOT

FLOORS = ROOT / "tests" / "floors.toml"
PINNED = read_floors(FLOORS)


def figures_of(pinned: Pinned, asker: Asker) -> dict[str, Figure]:
    """Today's figures on the data of one table of floors."""
    path = ROOT / pinned.file
    if pinned.sort == "caveats":
        return dict(measure_caveats(read_labelled(path)).figures)
    questions = read_questions(path, asker.answerer.corpus)
    judged = judge_quotes(questions.questions, asker.answerer.passages)
    return dict(measure(questions, ask_all(asker, questions), judged, asker.passages).figures)


@pytest.mark.parametrize("pinned", PINNED, ids=[pinned.file for pinned in PINNED])
def test_the_data_are_those_the_floors_were_pinned_on(pinned: Pinned) -> None:
    digest = hashlib.sha256((ROOT / pinned.file).read_bytes()).hexdigest()
    assert digest == pinned.sha256, f"{pinned.file} has changed: pin its floors anew"


@pytest.mark.parametrize("pinned", PINNED, ids=[pinned.file for pinned in PINNED])
def test_no_figure_fell(pinned: Pinned, answerer: Answerer) -> None:
    assert pinned.bounds
    broken = fallen(figures_of(pinned, Asker(answerer)), pinned.bounds)
    assert not broken, "\n".join(map(str, broken))


def test_shipped_questions_and_labelled_passages_are_pinned() -> None:
    assert {"corpus/questions.jsonl", "tests/data/caveat-examples.jsonl", "tests/data/seed-caveats.jsonl"} <= {
        pinned.file for pinned in PINNED
    }
