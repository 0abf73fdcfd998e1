"""The features of a text and the label model over them."""

import json
from pathlib import Path

import pytest

from qa.evidence.cues import CATEGORIES, Match
from qa.evidence.features import TOGETHER, features, names
from qa.evidence.model import LABELS, Label, model
from qa.language.registry import LANGUAGES

SEED = Path(__file__).parents[1] / "data" / "seed-caveats.jsonl"


def test_every_feature_has_one_name() -> None:
    assert len(names()) == len(set(names()))
    assert names() == names()
    assert {category for pair in TOGETHER for category in pair} <= set(CATEGORIES)


def test_presence_frequency_and_sentence() -> None:
    matches = [Match("study", 0, 5, 0), Match("people", 6, 9, 0), Match("study", 12, 15, 1), Match("animal", 16, 18, 2)]
    values = features("x" * 100, matches)
    assert values["study"] == 1.0
    assert values["much study"] == 0.5
    assert values["study with people"] == 1.0
    assert "study with animal" not in values  # in two sentences
    assert values["length"] == 0.1


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Subito! Ora!", "exclamation marks", 0.25),
        ("€ 9,90 o 20 €", "prices", 0.25),
        ("nel 2019", "years", 0.125),
        ("nel 20190", "years", None),
        ("Glucontrol®", "trade marks", 0.125),
        ("come noto [12]", "reference marks", 0.125),
        ("www.a.example", "addresses", 0.125),
        ("dice Mario Rossi", "names", 0.25),
        ("Mario", "names", None),  # the beginning of a sentence tells nothing
        ("!" * 100, "exclamation marks", 1.0),
    ],
)
def test_shapes(text: str, name: str, value: float | None) -> None:
    assert features(text, []).get(name) == value


def test_every_feature_that_can_be_seen_has_a_name_and_stays_in_bounds() -> None:
    known = set(names())
    for row in map(json.loads, SEED.read_text("utf-8").splitlines()):
        from qa.evidence.assessment import found

        values = features(row["text"], found(row["text"], row["lang"]))
        assert values.keys() <= known
        assert all(0 < value <= 1.5 for value in values.values())


def test_the_shipped_model_has_all_labels_and_thresholds() -> None:
    assert tuple(model()) == LABELS
    for label in model().values():
        assert all(0 < threshold < 1 for threshold in label.thresholds.values())
        assert set(label.thresholds) == set(LANGUAGES)


def test_a_label_is_a_logistic_regression() -> None:
    label = Label(-1.0, {"study": 2.0}, {"en": 0.7, "it": 0.8})
    assert label.probability({}) == pytest.approx(0.2689, abs=1e-4)
    assert label.probability({"study": 1.0, "not a feature": 9.0}) == pytest.approx(0.7311, abs=1e-4)
    assert label.given({"study": 1.0}, "en")
    assert not label.given({"study": 1.0}, "it")
    assert not label.given({"study": 1.0}, "fr")  # the mean of the known thresholds, .75
    assert label.given({"study": 1.05}, "fr")
