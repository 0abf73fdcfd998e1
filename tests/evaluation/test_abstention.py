"""AUROC and the risk-coverage curve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation.abstention import Point, auroc, risk_coverage

CONFIDENCES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30)


@given(CONFIDENCES, CONFIDENCES)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    figure = auroc(positive, negative)
    assert figure.value == pytest.approx(sum(pairs) / len(pairs), abs=1e-4)
    assert figure.low <= figure.high and figure.n == len(positive) + len(negative)


def test_a_curve_by_hand() -> None:
    curve = risk_coverage([(0.9, True), (0.5, False), (0.7, True), (0.5, True), (0.1, False)])
    assert curve is not None
    assert curve.points == (Point(0.9, 0.2, 0.0), Point(0.7, 0.4, 0.0), Point(0.5, 0.8, 0.25), Point(0.1, 1.0, 0.4))
    assert curve.figures["risk@50"].value == 0.25  # two of equal confidence come together
    assert curve.figures["risk@80"].value == 0.25
    assert curve.figures["aurc"].value == pytest.approx(0.4 * 0.25 + 0.2 * 0.4)


@pytest.mark.parametrize(("right", "area"), [(True, 0.0), (False, 1.0)])
def test_all_right_and_all_wrong(right: bool, area: float) -> None:
    curve = risk_coverage([(n / 10, right) for n in range(10)])
    assert curve is not None and curve.figures["aurc"].value == area


def test_no_question_no_curve() -> None:
    assert risk_coverage([]) is None
