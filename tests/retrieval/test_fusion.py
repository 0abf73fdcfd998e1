"""One ranked list per language becomes one."""

import pytest

from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.retrieval.fusion import Hit, fuse


def hits(code: str, *scores: float) -> list[Hit]:
    document = Document(code, f"{code}.txt", "x" * 100, code, code)
    return [Hit(Passage(document, n, None, n, n + 1), score) for n, score in enumerate(scores, 1)]


def order(lists: dict[str, list[Hit]], balance: float) -> list[str]:
    return [hit.passage.id for hit in fuse(lists, balance)]


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        (0.0, ["it#1", "it#2", "en#1", "it#3", "en#2"]),  # raw scores
        (1.0, ["en#1", "it#1", "it#2", "en#2", "it#3"]),  # the best of each tie; the list named first leads
        (0.75, ["it#1", "en#1", "it#2", "en#2", "it#3"]),  # the surer list leads, the other follows closely
    ],
)
def test_balance(balance: float, expected: list[str]) -> None:
    assert order({"en": hits("en", 4.0, 2.0), "it": hits("it", 10.0, 7.0, 3.0)}, balance) == expected


def test_the_order_within_a_list_never_changes() -> None:
    fused = order({"en": hits("en", 9.0, 8.0, 8.0, 1.0), "it": hits("it", 5.0, 5.0, 5.0)}, 0.75)
    assert [name for name in fused if name.startswith("en")] == ["en#1", "en#2", "en#3", "en#4"]
    assert [name for name in fused if name.startswith("it")] == ["it#1", "it#2", "it#3"]


@pytest.mark.parametrize("lists", [{}, {"en": []}, {"en": [], "it": []}])
def test_nothing_of_nothing(lists: dict[str, list[Hit]]) -> None:
    assert fuse(lists) == []


def test_one_list_keeps_its_order() -> None:
    assert order({"en": [], "it": hits("it", 3.0, 2.0)}, 0.75) == ["it#1", "it#2"]
