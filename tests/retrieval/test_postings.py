"""Postings: what is in the arrays, and that building them streams."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval import postings
from qa.retrieval.postings import Vocabulary, build

documents = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=9), max_size=20)


@given(documents, st.sampled_from([1, 5, 10_000]))
def test_every_occurrence_has_its_place(corpus: list[list[str]], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_CHUNK", chunk)
        built = build(corpus)
    expected = {
        (term, number): count for number, document in enumerate(corpus) for term, count in Counter(document).items()
    }
    found = {}
    for term, at in built.terms.items():
        span = slice(built.starts[at], built.starts[at + 1])
        assert list(built.passages[span]) == sorted(built.passages[span])
        for number, count in zip(built.passages[span], built.counts[span], strict=True):
            found[term, int(number)] = int(count)
    assert found == expected
    assert list(built.lengths) == [len(document) for document in corpus]
    assert dict(Vocabulary(built)) == Counter(term for document in corpus for term in set(document))


def test_building_streams() -> None:
    """Its peak stays under three times the index, vocabulary included on both sides."""
    draw = np.random.default_rng(1)

    def stream() -> Iterator[list[str]]:
        for _ in range(40_000):
            yield [f"t{number}" for number in draw.zipf(1.3, 40) % 50_000]

    tracemalloc.start()
    built = build(stream())
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert built.size == 40_000
    assert peak < 3 * kept


def test_counts_take_the_smallest_kind_that_holds_them() -> None:
    assert build([["a"] * 255]).counts.dtype == np.uint8
    assert build([["a"] * 256]).counts.dtype == np.uint16
