"""Marks on a text: pieces that are the text again, whatever overlaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.marking import Mark, pieces

MARKS = st.lists(
    st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.sampled_from(["term", "sentence", "trigger", "#c1"]))
)


@given(st.text(max_size=30), MARKS)
def test_the_pieces_are_the_text(text: str, marks: list[Mark]) -> None:
    made = pieces(text, marks)
    assert "".join(piece.text for piece in made) == text
    anchors = [piece.anchor for piece in made if piece.anchor]
    assert len(anchors) == len(set(anchors))


@given(st.text(min_size=1, max_size=30), MARKS)
def test_a_character_carries_exactly_its_marks(text: str, marks: list[Mark]) -> None:
    at = 0
    for piece in pieces(text, marks):
        for position in range(at, at + len(piece.text)):
            over = {what for start, end, what in marks if start <= position < end and not what.startswith("#")}
            assert over == set(piece.classes.split())
        at += len(piece.text)


@pytest.mark.parametrize("code", ["061C", "200E", "200F", "202A", "202E", "2066", "2069"])
def test_direction_characters_stand_alone(code: str) -> None:
    made = pieces(f"a{chr(int(code, 16))}b")
    assert [(piece.text, piece.control) for piece in made] == [("a", None), (made[1].text, f"U+{code}"), ("b", None)]


def test_an_ordinary_text_has_no_controls() -> None:
    assert all(piece.control is None for piece in pieces("naïve “quotes” \u00a0 👩‍👩‍👧"))
