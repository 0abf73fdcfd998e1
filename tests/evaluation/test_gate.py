"""Floors and ceilings."""

from pathlib import Path

import pytest

from qa.errors import InputError, QuestionSetError
from qa.evaluation.gate import Bound, Pinned, fallen, parse_bound, read_floors, write_floors
from qa.evaluation.intervals import Figure

FIGURES = {"hit@3": Figure(0.85, 0.8, 0.9, 120), "cross.hit@3": Figure(0.7, 0.55, 0.85, 40)}


@pytest.mark.parametrize(
    ("bounds", "names"),
    [
        ([Bound("hit@3", 0.85)], []),  # reaching the floor is enough
        ([Bound("hit@3", 0.8501)], ["hit@3"]),
        ([Bound("HIT@3", 0.9), Bound("cross.hit@3", 0.8)], ["HIT@3", "cross.hit@3"]),
        ([Bound("hit@3", 0.85, at_least=False)], []),
        ([Bound("hit@3", 0.8, at_least=False)], ["hit@3"]),
    ],
)
def test_which_fell(bounds: list[Bound], names: list[str]) -> None:
    assert [broken.bound.name for broken in fallen(FIGURES, bounds)] == names


def test_the_fallen_are_told_in_full() -> None:
    told = str(fallen(FIGURES, [Bound("cross.hit@3", 0.8)])[0])
    assert told == "cross.hit@3 = 0.7000, below the floor of 0.8 (95 % interval 0.550 to 0.850, n = 40)"


def test_an_unmeasured_name_is_no_pass() -> None:
    with pytest.raises(InputError, match=r"'hit@4' was not measured; measured are hit@3, cross\.hit@3"):
        fallen(FIGURES, [Bound("hit@4", 0.1)])


@pytest.mark.parametrize("text", ["hit@3", "hit@3=", "=.5", "hit@3=high", ""])
def test_what_is_no_bound(text: str) -> None:
    with pytest.raises(InputError, match="is not NAME=NUMBER"):
        parse_bound(text, True)


def test_floors_read_back_as_written(tmp_path: Path) -> None:
    bounds = (Bound("hit@3", 0.85), Bound("none.on.refused", 0.8), Bound("answerable.refused", 0.1, at_least=False))
    pinned = [Pinned("a.jsonl", "questions", "ab", bounds), Pinned("b.jsonl", "caveats", "cd", ())]
    path = tmp_path / "floors.toml"
    path.write_text(write_floors(pinned, "Two lines\nof head"), "utf-8")
    assert read_floors(path) == pinned


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("x = 1", "expected"),
        ("[[pinned]]\nfile = 'a'\nsort = 'questions'\n", "key 'sha256'"),
        ("[[pinned]]\nfile = 'a'\nsort = 'q'\nsha256 = ''\n", "'q' is not one of questions, caveats"),
        ("[[pinned]]\nfile = 'a'\nsort = 'caveats'\nsha256 = ''\nmin = {x = 'high'}\n", "min of 'x'"),
        ("[[pinned]]\nfiles = 'a'\n", "unknown key 'files'"),
        ("[[", "floors.toml"),
    ],
)
def test_wrong_floors(content: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(QuestionSetError) as caught:
        read_floors(path)
    assert told in str(caught.value)
