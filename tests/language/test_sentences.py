"""Sentences: abbreviations end none, decimal commas neither; every line break does; spans are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.registry import LANGUAGES
from qa.language.sentences import sentences


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("it", "Il dott. Rossi arriva. Poi va via.", ["Il dott. Rossi arriva.", "Poi va via."]),
        ("it", "Circa 0,2 cc di farmaco. Fine.", ["Circa 0,2 cc di farmaco.", "Fine."]),
        ("it", "Sì? No! Certo.", ["Sì?", "No!", "Certo."]),
        (
            "en",
            "See Fig. 3 for details. It works e.g. in rats.",
            ["See Fig. 3 for details.", "It works e.g. in rats."],
        ),
        ("en", "One. Two.\r\nThree", ["One.", "Two.", "Three"]),
        ("en", "A heading\nThen a text.", ["A heading", "Then a text."]),
        (
            None,
            "Il dott. Rossi vs. Dr. White. Fine.",
            ["Il dott. Rossi vs. Dr. White.", "Fine."],
        ),  # both languages'
        (None, "The same. The same.", ["The same.", "The same."]),  # offsets are carried, not searched for
        (None, "   \n \r\n", []),
        (None, "", []),
    ],
)
def test_sentences(code: str | None, text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, code)] == expected


@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_spans_are_trimmed_in_order_and_lose_no_word(text: str, code: str | None) -> None:
    spans = sentences(text, code)
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()
