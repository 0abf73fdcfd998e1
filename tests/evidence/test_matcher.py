"""The matcher: what no match may do, whatever the text, and how its work grows."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evidence.cues import cues_of
from qa.evidence.matcher import Matcher
from qa.evidence.patterns import compile_pattern, written_out
from qa.language.registry import LANGUAGES
from qa.language.tokens import pieces

WORDS = ["a", "b", "c", "d", "1", "?"]
PATTERNS = ["a", "a b", "a ~3 b", "a (b|c d)? d", "(a|b) ~2 (c|#) d?", "a _ b", "# ~12 a"]


def matcher() -> Matcher:
    return Matcher(
        [written for text in PATTERNS for written in written_out(compile_pattern(text, {}, text))],
        frozenset(),
        frozenset(),
    )


MATCHER = matcher()
COUNT = sum(len(written_out(compile_pattern(text, {}, text))) for text in PATTERNS)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_a_match_lies_within_the_text(drawn: list[str]) -> None:
    text = " ".join(drawn)
    tokens = pieces(text)
    for number, start, end, _ in MATCHER.find(text, tokens):
        assert 0 <= start < end <= len(tokens)
        assert 0 <= number < COUNT


@given(st.lists(st.sampled_from(["alfa", "beta", "beta.", "gamma", "alfa…", "12.", "?", "!", ";", "\n"]), max_size=40))
def test_no_match_crosses_the_end_of_a_sentence(drawn: list[str]) -> None:
    text = " ".join(drawn)
    greedy = Matcher([compile_pattern("alfa ~12 beta", {}, "")], frozenset(), frozenset())
    tokens = pieces(text)
    for _, start, end, _ in greedy.find(text, tokens):
        inside = text[tokens[start].start : tokens[end - 1].end]
        assert not set(inside) & set("?!;\n")
        assert ". " not in inside


@given(st.lists(st.sampled_from(["alfa", "beta", "gamma"]), max_size=30))
def test_every_place_that_a_plain_search_finds_is_found(drawn: list[str]) -> None:
    text = " ".join(drawn)
    two = Matcher([compile_pattern("alfa beta", {}, "")], frozenset(), frozenset())
    expected = [at for at in range(len(drawn) - 1) if drawn[at : at + 2] == ["alfa", "beta"]]
    assert [start for _, start, _, _ in two.find(text, pieces(text))] == expected


def test_of_one_pattern_and_start_only_the_longest_match() -> None:
    text = "a d b d"
    longest = Matcher([compile_pattern("a (d|d b)? d?", {}, "")], frozenset(), frozenset())
    assert [(start, end) for _, start, end, _ in longest.find(text, pieces(text))] == [(0, 4)]


def test_sentences_are_numbered() -> None:
    text = "alfa. beta? alfa\nalfa"
    one = Matcher([compile_pattern("alfa", {}, "")], frozenset(), frozenset())
    assert [sentence for *_, sentence in one.find(text, pieces(text))] == [0, 2, 3]


def test_the_same_from_its_state() -> None:
    text = "a b c d 1 a d"
    again = Matcher.restored(MATCHER.state())
    assert list(again.find(text, pieces(text))) == list(MATCHER.find(text, pieces(text))) != []


@pytest.mark.parametrize("text", ["", " ", "…", "\n"])
def test_nothing_in_nothing(text: str) -> None:
    assert list(MATCHER.find(text, pieces(text))) == []
    assert list(Matcher([], frozenset(), frozenset()).find("a b", pieces("a b"))) == []


def calls(work: Callable[[], object]) -> int:
    """How many Python functions a piece of work calls: a measure of it that no busy machine disturbs."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


WORST = {
    "en": [
        "no side effects no risk no ",
        "study of 60 women in a trial of 60 patients and 60 ",
        "studies show that studies have shown ",
        "buy now order now call us today buy ",
        "a a a a a a ",
        "60 60 60 60 ",
        "(((((((((( ",
        "women women women women ",
        "12345678901234567890",
        "aaaaaaaaaaaaaaaaaaaa",
        "!?!?!?!?",
        "no, not, nor, never, without, ",
    ],
    "it": [
        "senza effetti collaterali senza rischi senza ",
        "uno studio su 60 donne e 60 pazienti in 60 ",
        "gli studi dimostrano che studi hanno dimostrato ",
        "acquista ora prenota ora chiama subito ",
        "di di di di di ",
        "non non non non ",
        "60 60 60 60 ",
        "l'l'l'l'l'l'",
        "aaaaaaaaaaaaaaaaaaaa",
        "donne donne donne donne ",
    ],
}


@pytest.mark.parametrize(("code", "piece"), [(code, piece) for code, listed in WORST.items() for piece in listed])
def test_work_grows_with_the_length_of_the_text_and_no_faster(code: str, piece: str) -> None:
    cues = cues_of(code)
    short, long = ((piece * 6_000)[:length] for length in (3_000, 12_000))
    cues.find(long)  # fills what is remembered of words
    least, most = calls(lambda: cues.find(short)), calls(lambda: cues.find(long))
    assert most <= 4 * least * 1.2 + 2_000


@settings(max_examples=50)
@given(st.text(max_size=300), st.sampled_from(list(LANGUAGES)))
def test_cues_of_any_text_lie_in_it_in_order(text: str, code: str) -> None:
    matches = cues_of(code).find(text)
    assert matches == cues_of(code).find(text)
    assert [(m.start, m.end) for m in matches] == sorted((m.start, m.end) for m in matches)
    assert all(0 <= m.start < m.end <= len(text) for m in matches)


def plainly(text: str, pattern: str) -> set[tuple[int, int]]:
    """(start, end) of what one pattern matches when it is the only one, found without any samples."""
    alone = Matcher(written_out(compile_pattern(pattern, {}, pattern)), frozenset(), frozenset())
    return {(start, end) for _, start, end, _ in alone.find(text, pieces(text))}


@given(
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.sampled_from(["a (b|c d|d 1) d", "a ~2 (b a|c) (1|d d)?", "(a|b c) ~1 (a b|c (d|1 1))", "a? b ~3 (c|d a)"]),
)
def test_samples_decide_how_fast_a_search_is_and_not_what_it_finds(
    drawn: list[str], samples: list[str], pattern: str
) -> None:
    text = " ".join(drawn)
    compiled = written_out(compile_pattern(pattern, {}, pattern))
    sampled = Matcher(compiled, frozenset(), frozenset(), [" ".join(samples)] * 20)
    assert {(start, end) for _, start, end, _ in sampled.find(text, pieces(text))} == plainly(text, pattern)
