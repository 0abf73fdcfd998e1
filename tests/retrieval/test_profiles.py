"""Where terms stand in a passage: what the index keeps of it is what the text says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cache import Cache
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.document import Document
from qa.language.unknown import UNKNOWN
from qa.retrieval.cache import Index, open_index
from qa.retrieval.profiles import Forward, ForwardBuilder, Profile, Where, parsed
from qa.retrieval.terms import NOWHERE, index_terms, located_terms
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_corpus(SHIPPED_CORPUS), Parts(), Cache(None))


def text_profile(text: str, code: str) -> Profile:
    """The same, worked out from the text alone."""
    rows, size = located_terms(text, code)
    found: dict[str, Where] = {}
    for term, sentence, place in rows:
        if sentence != NOWHERE:
            where = found.setdefault(term, Where(0, []))
            where.sentences |= 1 << min(sentence, 2**15 - 2)
            where.places.append(place)
    return Profile(found, min(size, 2**15 - 1))


def test_the_profile_of_sentences() -> None:
    profile = text_profile("Lo zinco aiuta. Il miele pure. Zinco!", "it")
    assert profile.size == 3
    assert profile.terms["zinc"].sentences == 0b101
    assert profile.terms["miel"].sentences == 0b010
    assert list(profile.terms["zinc"].places) == sorted(profile.terms["zinc"].places)
    assert "lo" not in profile.terms


def test_a_phrase_over_two_sentences_stands_nowhere() -> None:
    whole, apart = located_terms("Nerve pain.", "en")[0], located_terms("A nerve. Pain.", "en")[0]
    assert ("nerv_pain", 0, 0) in whole
    assert [row.place for row in apart if row.term == "nerv_pain"] in ([], [NOWHERE])
    assert [(row.term, row.sentence) for row in apart if row.sentence != NOWHERE] == [("nerv", 0), ("pain", 1)]


def test_sentences_are_apart() -> None:
    rows, size = located_terms("Zinc helps. Honey helps.", "en")
    assert size == 2
    places = {(row.term, row.sentence): row.place for row in rows}
    assert places["honey", 1] - places["help", 0] > 1


@given(
    st.text(st.sampled_from("nerve pain zinco miele 3 . ! \n’'"), max_size=80), st.sampled_from(["it", "en", UNKNOWN])
)
def test_located_terms_are_the_index_terms(text: str, code: str) -> None:
    rows, size = located_terms(text, code)
    assert [row.term for row in rows] == index_terms(text, code)
    assert all(row.sentence == row.place == NOWHERE or 0 <= row.sentence < size for row in rows)


@pytest.mark.parametrize("code", ["it", "en"])
def test_the_index_says_of_every_passage_what_its_text_says(index: Index, code: str) -> None:
    numbers = [number for number, passage in enumerate(index.passages) if passage.language == code]
    every = list(index.postings[code][0].terms)
    for sought in (every, every[::7], ["no such term", *every[:3]], []):
        told = index.profiles(numbers, code, sought)
        for number, profile in zip(numbers, told, strict=True):
            expected = text_profile(index.passages[number].text, code)
            assert profile == Profile({k: v for k, v in expected.terms.items() if k in sought}, expected.size)


def test_what_is_written_beside_a_text_is_what_the_index_says(index: Index) -> None:
    for number, passage in enumerate(index.passages):
        code = passage.language or UNKNOWN
        sought = list(index.postings[code][0].terms)[::3]
        assert parsed(index.located(number), sought) == index.profiles([number], code, sought)[0]


def test_no_passages_no_profiles(index: Index) -> None:
    assert index.profiles([], "it", ["zinc"]) == []
    assert index.profiles([], "fr", ["zinc"]) == []


def test_a_passage_of_more_sentences_than_are_told_apart() -> None:
    text = "Zinc. " * 40_000
    corpus = Corpus(Path(), (Document("long", "long", text, "en", "long", whole=True),))
    (told,) = open_index(corpus, Parts(), Cache(None)).profiles([0], "en", ["zinc"])
    assert told == text_profile(text, "en")
    assert told.size == told.terms["zinc"].sentences.bit_length() == 2**15 - 1


def test_what_was_added_is_found() -> None:
    builder = ForwardBuilder()
    builder.add([5, 6, 5], [0, 1, NOWHERE], [3, 7, NOWHERE], 2)
    builder.add([], [], [], 0)
    builder.add([6], [0], [1], 1)
    forward: Forward = builder.forward()
    first, second, third = forward.profiles([0, 1, 2], {5: "five", 6: "six"})
    assert first == Profile({"five": Where(0b1, [3]), "six": Where(0b10, [7])}, 2)
    assert second == Profile({}, 0)
    assert third == Profile({"six": Where(1, [1])}, 1)
