"""Two runs, paired."""

from pathlib import Path
from typing import Any

import pytest

from qa.errors import InputError, QuestionSetError
from qa.evaluation.compare import compare
from qa.evaluation.results import Saved


def saved(values: dict[str, dict[str, float]], complete: bool = True, **settings: Any) -> Saved:
    items = tuple(
        {"id": name, "kind": "same" if name < "q3" else "cross", "text": f"text of {name}", "values": v}
        for name, v in values.items()
    )
    return Saved(Path("r.json"), {}, settings, complete, items)


BEFORE = {"q1": {"hit@3": 0.0, "refused": 1.0}, "q2": {"hit@3": 1.0}, "q3": {"hit@3": 1.0}, "q4": {"hit@3": 0.0}}
AFTER = {"q1": {"hit@3": 1.0, "refused": 0.0}, "q2": {"hit@3": 0.0}, "q4": {"hit@3": 1.0}, "q5": {"hit@3": 1.0}}


def test_won_lost_and_differences() -> None:
    found = compare(saved(BEFORE), saved(AFTER))
    assert (found.shared, found.by) == (3, "hit@3")
    assert [turned.id for turned in found.won] == ["q1", "q4"] and [turned.id for turned in found.lost] == ["q2"]
    changes = {change.name: change for change in found.changes}
    whole = changes["hit@3"]
    assert (whole.before, whole.after, whole.difference.value, whole.p) == (0.3333, 0.6667, 0.3333, 1.0)
    assert changes["cross.hit@3"].difference.value == 1 and changes["same.hit@3"].difference.value == 0
    assert "refused" not in changes and changes["same.refused"].difference.value == -1


def test_what_to_mind_is_noted() -> None:
    found = compare(
        saved(BEFORE, False, code="1", versions={"nltk": "3.9"}), saved(AFTER, code="2", versions={"nltk": "3.10"})
    )
    told = "\n".join(found.notes)
    for note in ("was interrupted", "2 questions stand in one", "differs between the two: code", "nltk 3.9 → 3.10"):
        assert note in told


@pytest.mark.parametrize(
    ("after", "by", "error", "told"),
    [
        ({"x": {"hit@3": 1.0}}, None, QuestionSetError, "share no question"),
        (AFTER, "hit@2", InputError, "measured are hit@3"),
    ],
)
def test_what_cannot_be_compared(after: dict[str, Any], by: str | None, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        compare(saved(BEFORE), saved(after), by)
