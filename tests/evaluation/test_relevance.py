"""When a passage counts as an answer."""

import pytest

from qa.evaluation.relevance import holds


@pytest.mark.parametrize(
    ("passage", "quote", "held"),
    [
        ("Before. Magnesium helps nerves. After.", "Magnesium helps nerves.", True),
        ("l’acido\n  lipoico AIUTA", "L'acido lipoico aiuta", True),
        ("one two three four five six", "three four five six seven eight nine", True),  # cut at the end: 4 of 7
        ("six seven eight nine ten eleven twelve", "one two three four five six seven eight nine", False),  # 4 of 9
        ("seven eight nine ten eleven", "three four five six seven eight nine ten eleven", True),  # 5 of 9
        ("six seven eight nine ten and more", "four five six seven eight nine ten", True),  # cut at the start
        ("three four five in the middle six", "three four five six", False),
        ("one two three", "one two three four", False),  # at an edge four words are the least
        ("", "anything at all", False),
    ],
)
def test_holds(passage: str, quote: str, held: bool) -> None:
    assert holds(passage, quote) is held
