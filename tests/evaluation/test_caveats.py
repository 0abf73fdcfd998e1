"""Scoring caveats against labels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.errors import QuestionSetError
from qa.evaluation.caveats import CELLS, RATIOS, Labelled, measure_caveats, read_labelled, warn

ROW: dict[str, Any] = {
    "id": "a", "lang": "en", "text": "Our drops heal nerves. Order now!", "promotional": "sell",
    "evidence": ["uncited"], "claim": "benefit", "safety": "no", "why": "Order now",
}  # fmt: skip


def labelled(**changes: Any) -> Labelled:
    fields = {"id": "a", "language": "en", "text": "", "promotional": "none", "evidence": frozenset({"no_claim"})}
    return Labelled(**({**fields, "claim": "none", "safety": "no", "disputed": frozenset()} | changes))


@pytest.mark.parametrize(
    ("changes", "name", "wanted"),
    [
        ({"promotional": "sell"}, "promotional", True),
        ({"promotional": "tone"}, "promotional", None),
        ({"promotional": "none"}, "promotional", False),
        ({"promotional": "tone"}, "one_sided", True),
        ({"promotional": "sell"}, "one_sided", None),
        ({"promotional": "sell", "disputed": frozenset({"promotional"})}, "promotional", None),
        ({"safety": "yes"}, "absolute_safety", True),
        ({"safety": "weak"}, "absolute_safety", None),
        ({"evidence": frozenset({"animal"}), "claim": "benefit"}, "no_human", True),
        ({"evidence": frozenset({"animal", "human"}), "claim": "benefit"}, "no_human", False),
        ({"evidence": frozenset({"uncited"}), "claim": "harm"}, "no_human", False),
        ({"evidence": frozenset({"unclear"}), "claim": "benefit"}, "no_human", None),
        ({"evidence": frozenset({"unclear"}), "claim": "harm"}, "no_human", False),
        ({"evidence": frozenset({"uncited"}), "claim": "both", "disputed": frozenset({"evidence"})}, "no_human", None),
    ],
)
def test_what_should_be_warned_of(changes: dict[str, Any], name: str, wanted: bool | None) -> None:
    assert labelled(**changes).wanted()[name] is wanted


def test_cells_and_their_ratios() -> None:
    counts = np.array([[8.0, 2.0, 4.0, 6.0], [0.0, 0.0, 0.0, 5.0]])
    values = {name: ratio(counts).tolist() for name, ratio in RATIOS.items()}
    undefined = pytest.approx(float("nan"), nan_ok=True)
    assert values["precision"] == [0.8, undefined] and values["recall"] == [pytest.approx(2 / 3), undefined]
    assert values["F1"][0] == pytest.approx(16 / 22) and values["false_alarms"] == [0.25, 0.0]
    assert CELLS[1:3] == ("false alarm", "missed")


def test_an_advert_called_neutral_is_a_false_alarm() -> None:
    text = "Buy our magnesium capsules today, only 19.90 euros: order now in our shop!"
    told = warn(labelled(text=text, promotional="none"))
    assert told.errors["promotional"] == "false alarm" and "promotional: false alarm" in told.wrong
    assert "promotional" not in warn(labelled(text=text, promotional="sell")).errors


def test_parity_of_translations(write_rows: Callable[..., Path]) -> None:
    neutral = ROW | {"promotional": "none", "evidence": ["no_claim"], "claim": "none"}
    advert = "Buy our magnesium capsules today: order now in our shop!"
    where = "L'ambulatorio si trova nella città vecchia, vicino alla stazione."
    rows = [
        ROW | {"id": "en-1", "pair": "it-1", "text": advert},
        ROW | {"id": "it-1", "pair": "en-1", "text": where, "lang": "it"},
        neutral | {"id": "en-2", "text": "The clinic is in the old part of the town, near the station."},
        neutral | {"id": "it-2", "pair": "en-2", "text": where, "lang": "it"},
    ]
    figure = measure_caveats(read_labelled(write_rows(*rows))).figures["parity"]
    assert (figure.value, figure.n) == (0.5, 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lang": "de"}, "field 'lang'"),
        ({"text": ""}, "field 'text'"),
        ({"promotional": "yes"}, "field 'promotional': 'yes' is not one of sell, tone, none"),
        ({"evidence": []}, "field 'evidence'"),
        ({"evidence": ["animals"]}, "field 'evidence'"),
        ({"claim": None}, "field 'claim'"),
        ({"safety": "maybe"}, "field 'safety'"),
        ({"disputed": ["claim"]}, "field 'disputed'"),
        ({"label": 1}, "unknown field 'label'"),
        ({"id": "first"}, "stands twice"),
    ],
)
def test_wrong_labels_are_named(changes: dict[str, Any], told: str, write_rows: Callable[..., Path]) -> None:
    path = write_rows(ROW | {"id": "first"}, ROW | changes)
    with pytest.raises(QuestionSetError) as caught:
        read_labelled(path)
    assert str(caught.value).startswith(f"{path}:2: ") and told in str(caught.value)
