"""What a word is: one answer for apostrophes, accents, composed and decomposed letters, numbers and signs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.tokens import APOSTROPHES, LONGEST, fold, normalize, pieces, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il magnesio aiuta?", ["il", "magnesio", "aiuta"]),
        ("l’ipertensione dell'umore", ["l", "ipertensione", "dell", "umore"]),
        ("0,2 cc e 1.000 mg", ["0,2", "cc", "e", "1.000", "mg"]),
        ("Fine 2019.", ["fine", "2019"]),  # the full stop is no part of the number
        ("7-hydroxymitragynine", ["7", "hydroxymitragynine"]),
        ("snake_case", ["snake", "case"]),
        ("perché no", ["perché", "no"]),
        (unicodedata.normalize("NFD", "perché no"), ["perché", "no"]),
        ("vitamina B12", ["vitamina", "b", "12"]),
        ("😀 ® — …", []),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [token.text for token in words(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Glucontrol® -20%!", ["glucontrol", "®", "20", "%", "!"]),
        ("Perché? Così.", ["perche", "?", "cosi"]),
        ("€ 9,90", ["€", "9,90"]),
        ("clinically-proven", ["clinically", "proven"]),
    ],
)
def test_pieces_keep_telling_signs(text: str, expected: list[str]) -> None:
    assert [token.text for token in pieces(text)] == expected


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(
            sign,
            marks=pytest.mark.xfail(
                sign in "´ʼ`",
                strict=True,
                reason="fold splits ´ and keeps `; words takes ʼ for a letter of the word",
            ),
        )
        for sign in APOSTROPHES
    ],
)
def test_all_apostrophes_are_one(sign: str) -> None:
    assert normalize(f"L{sign}acqua") == "l'acqua"
    assert fold(f"L{sign}acqua") == "l'acqua"
    assert [token.text for token in words(f"l{sign}acqua")] == ["l", "acqua"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("È", "e"), ("perché", "perche"), ("naïve", "naive"), ("ﬁbra", "fibra"), ("ABC", "abc")],
)
def test_accents_and_case_fold(text: str, folded: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFD", text)) == folded


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\x00", "\x07"])
def test_what_no_reader_sees_parts_no_word(unseen: str) -> None:
    """A label must not be lost, nor a question unanswered, because of a soft hyphen that was copied along."""
    text = f"{unseen}Or{unseen}der{unseen} now{unseen}!"
    assert [token.text for token in words(text)] == ["order", "now"]
    assert [token.text for token in pieces(text)] == ["order", "now", "!"]
    assert [text[token.start : token.end] for token in words(text)] == [f"Or{unseen}der", "now"]
    assert normalize(f"È{unseen}") == "è"
    assert fold(f"È{unseen}") == "e"


@pytest.mark.parametrize("space", ["\t", "\n", "\r", "\u00a0", "\u2028", "\u202f", "\u0085"])
def test_white_space_of_any_sort_parts_words(space: str) -> None:
    assert [token.text for token in words(f"order{space}now")] == ["order", "now"]


@given(st.text())
def test_tokens_are_in_order_and_inside_the_text(text: str) -> None:
    for tokenize in (words, pieces):
        last = 0
        for token in tokenize(text):
            assert last <= token.start < token.end <= len(text)
            assert token.text
            last = token.end


@pytest.mark.parametrize("letter", ["a", "è", "\U00010428", "e\u0301", "\ufdfa", "7"])
def test_of_a_word_of_any_length_the_beginning_counts(letter: str) -> None:
    text = f"no {letter * 5_000} here"
    for tokenize in (words, pieces):
        token = tokenize(text)[1]
        assert len(token.text) <= LONGEST
        assert text[token.start : token.end] == letter * 5_000
