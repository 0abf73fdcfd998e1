"""The language of cue patterns: what each of its signs matches and misses, and what is refused."""

import pytest

from qa.errors import DataError
from qa.evidence.matcher import Matcher
from qa.evidence.patterns import compile_pattern, written_out
from qa.language.tokens import pieces

CLASSES = {"people": ["women", "men", "patient*", "case-control"], "number": ["two", "sixty"]}


def found(pattern: str, text: str) -> list[str]:
    """The pieces of `text` that the pattern matches."""
    patterns = written_out(compile_pattern(pattern, CLASSES, "here"))
    tokens = pieces(text)
    matcher = Matcher(patterns, frozenset(CLASSES["number"]), frozenset({"vs"}))
    return [text[tokens[start].start : tokens[end - 1].end] for _, start, end, _ in matcher.find(text, tokens)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        # words
        ("trial", "a trial of drops", ["trial"]),
        ("trial", "trials and Trial.", ["Trial"]),
        ("perche", "Perché no", ["Perché"]),  # case and accents do not count
        ("trial", "a retrial", []),
        ("risultati garantiti", "Risultati garantiti in 7 giorni", ["Risultati garantiti"]),
        ("risultati garantiti", "I risultati non sono garantiti", []),
        ("clinically-proven", "clinically proven", ["clinically proven"]),  # hyphens only separate
        ("clinically proven", "clinically-proven", ["clinically-proven"]),
        ("doctor's", "the doctor’s word", ["doctor’s"]),
        # prefixes
        ("patient*", "patients, patient, impatient", ["patients", "patient"]),
        ("double-blind*", "double blinded", ["double blinded"]),
        # numbers
        ("# women", "60 women, sixty women, some women", ["60 women", "sixty women"]),
        ("# mg", "0,5 mg", ["0,5 mg"]),
        # classes
        ("# <people>", "12 patients and 3 cats", ["12 patients"]),
        ("<people> control", "patient control", ["patient control"]),
        # groups
        ("(buy|order) now", "Buy now! Order now. Sell now.", ["Buy now", "Order now"]),
        ("(call us|write) today", "call us today", ["call us today"]),
        ("(call us|write) today", "call today", []),
        ("trial (of|in) (men|# women)", "a trial in 60 women", ["trial in 60 women"]),
        ("(a (b|c)|d) e", "a c e, d e, a e", ["a c e", "d e"]),
        # optional elements
        ("side effects?", "side effects. side", ["side effects", "side"]),
        ("no (known|serious)? risk", "no risk, no known risk, no big risk", ["no risk", "no known risk"]),
        ("no (side effects|risk)? here", "no side effects here; no here", ["no side effects here", "no here"]),
        ("x-ray? room", "room, x ray room", ["room", "x ray room", "room"]),
        # gaps
        ("no ~2 risk", "no risk", ["no risk"]),
        ("no ~2 risk", "no very big risk", ["no very big risk"]),
        ("no ~2 risk", "no one two three risk", []),
        ("no _ risk", "no big risk", ["no big risk"]),
        ("no _ risk", "no risk", []),
        # signs
        ("glucontrol ®", "Glucontrol® drops", ["Glucontrol®"]),
        ("# %", "90% of people", ["90%"]),
        ("€ #", "only € 9", ["€ 9"]),
        ("tired (?)", "Tired? Sleep.", ["Tired?"]),
        # deliberate misses: no match runs over the end of a sentence
        ("no risk", "There is no. Risk is everywhere", []),
        ("no risk", "no; risk", []),
        ("no risk", "no\nrisk", []),
        ("placebo vs drug", "placebo vs. drug", ["placebo vs. drug"]),  # an abbreviation ends none
        ("no ~3 risk", "no! big risk", []),
        ("trial", "", []),
    ],
)
def test_matches(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("", "an empty pattern or alternative"),
        ("(a|) b", "an empty pattern or alternative"),
        ("() b", "an empty pattern or alternative"),
        ("(a b", r"'\(' without '\)'"),
        ("a (b (c) d", r"'\(' without '\)'"),
        ("a ) b", r"'\)' outside a group"),
        ("a | b", r"'\|' outside a group"),
        ("a <nobody>", "no class 'nobody'"),
        ("a ~0 b", "'~0' is not a gap of ~1 to ~12"),
        ("a ~13 b", "'~13' is not a gap of ~1 to ~12"),
        ("a ~x b", "'~x' is not a gap of ~1 to ~12"),
        ("a & b", "'&' holds no word"),
        ("a - b", "'-' holds no word"),
        ("*", r"'\*' holds no word"),
        ("a?", "nothing in it is required"),
        ("a? (b|c)?", "nothing in it is required"),
        ("~2 a", "must begin with a word, a class, a number or a group of them"),
        ("_ a", "must begin with a word, a class, a number or a group of them"),
        ("a? _ b", "must begin with a word, a class, a number or a group of them"),
    ],
)
def test_what_is_refused(pattern: str, complaint: str) -> None:
    with pytest.raises(DataError, match=rf"^here: {complaint}$"):
        compile_pattern(pattern, CLASSES, "here")


def test_a_pattern_is_written_out_without_a_group_at_its_start() -> None:
    pattern = compile_pattern("(a b|c|d) e", CLASSES, "here")
    written = written_out(pattern)
    assert len(written) == 2  # `c` and `d` are one test
    assert all(not each[0].options for each in written)
