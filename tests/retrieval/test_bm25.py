"""rank-bm25 is the oracle: our postings must give its scores, and our groups those of a corpus rewritten for it."""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from qa.retrieval import bm25
from qa.retrieval.bm25 import PostingsBM25
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Entry, Group

K1, B = 0.9, 0.75
LANGUAGE = "en"
TERMS = ["pain", "nerve", "magnesium", "kratom", "dolore", "nervo", "x"]


class Oracle(BM25Okapi):  # type: ignore[misc]
    """rank-bm25 as it comes, but for Lucene's idf."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {term: math.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5)) for term, n in nd.items()}


def _compiled() -> list[bool]:
    try:
        import numba  # noqa: F401
    except ImportError:
        return [False]
    return [False, True]


COMPILED = _compiled()
documents = st.lists(st.lists(st.sampled_from(TERMS), max_size=12), min_size=1, max_size=40)
queries = st.lists(st.sampled_from([*TERMS, "absent"]), max_size=6)
weights = st.sampled_from([1.0, 0.8, 0.5, 0.3, 0.12])
groups = st.lists(
    st.builds(Group, st.dictionaries(st.sampled_from([*TERMS, "absent"]), weights, min_size=1, max_size=4), weights),
    max_size=5,
)
limits = st.sampled_from([1, 2, 3, 10, 100])


@pytest.mark.parametrize("compiled", COMPILED)
@settings(deadline=None)
@given(documents, queries)
def test_scores_are_rank_bm25s(compiled: bool, corpus: list[list[str]], query: list[str]) -> None:
    model = PostingsBM25(corpus, K1, B, compiled)
    if not any(corpus):
        assert not model.get_scores(query).any()
        return
    expected = Oracle(corpus, k1=K1, b=B).get_scores(query)
    np.testing.assert_allclose(model.get_scores(query), expected, rtol=0, atol=1e-9)
    numbers, scores = model.top(query, len(corpus))
    np.testing.assert_allclose(scores, expected[numbers], rtol=0, atol=1e-9)
    assert set(numbers.tolist()) == {number for number, document in enumerate(corpus) if set(query) & set(document)}


@pytest.mark.parametrize("compiled", COMPILED)
@settings(deadline=None)
@given(documents, groups, limits)
@example([["pain"]] * 30, [Group({"pain": 1.0})], 10)  # all tie
@example([["pain", "nerve"], ["nerve"]], [Group({"pain": 0.5, "absent": 1.0}), Group({"absent": 1.0})], 3)
def test_groups_are_as_slow_arithmetic_says(
    compiled: bool, corpus: list[list[str]], query: list[Group], limit: int
) -> None:
    found = _engine(corpus, compiled).search(query, LANGUAGE, limit)
    expected = _ranked(corpus, query)[:limit]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-9)
    exact = dict(_ranked(corpus, query))
    for number, score in found:
        assert score == pytest.approx(exact[number], abs=1e-9)
    assert [(score, -number) for number, score in found] == sorted(
        ((score, -number) for number, score in found), reverse=True
    )


@pytest.mark.parametrize("compiled", COMPILED)
@settings(deadline=None)
@given(documents, st.sets(st.sampled_from(TERMS), min_size=1, max_size=3))
def test_a_group_of_equals_is_one_term(compiled: bool, corpus: list[list[str]], same: set[str]) -> None:
    """Pirkola's definition: write one word for all variants, and let rank-bm25 score that word."""
    if not any(corpus):
        return
    rewritten = [["one" if term in same else term for term in document] for document in corpus]
    expected = Oracle(rewritten, k1=K1, b=B).get_scores(["one"])
    found = _engine(corpus, compiled).search([Group(dict.fromkeys(same, 1.0))], LANGUAGE, len(corpus))
    assert {entry.number: entry.score for entry in found} == pytest.approx(
        {number: score for number, score in enumerate(expected) if score > 0}, abs=1e-9
    )


@pytest.mark.skipif(COMPILED == [False], reason="numba is not installed")
@settings(deadline=None)
@given(st.sampled_from([1, 2, 3]), groups, limits)
def test_compiled_and_plain_agree_bit_for_bit(seed: int, query: list[Group], limit: int) -> None:
    """Over several windows of passages, so that bounds have something to skip, and over every way of adding up."""
    engines = _twins(seed)
    plain, compiled = (engine.search(query, LANGUAGE, limit) for engine in engines)
    assert plain == compiled
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bm25, "_DENSE", 0)
        assert engines[0].search(query, LANGUAGE, limit) == plain


@cache
def _twins(seed: int) -> tuple[EmbeddedEngine, EmbeddedEngine]:
    corpus = _random_corpus(seed, 20_000)
    return _engine(corpus, False), _engine(corpus, True)


def _random_corpus(seed: int, size: int) -> list[list[str]]:
    draw = np.random.default_rng(seed)
    ranks = np.minimum(draw.zipf(1.5, size * 3), len(TERMS)) - 1
    cuts = np.sort(draw.integers(0, len(ranks), size - 1))
    return [[TERMS[rank] for rank in part] for part in np.split(ranks, cuts)]


@pytest.mark.parametrize("compiled", COMPILED)
@pytest.mark.parametrize(
    ("corpus", "query", "limit", "expected"),
    [
        ([], ["pain"], 3, []),
        ([[], []], ["pain"], 3, []),
        ([["pain"], []], [], 3, []),
        ([["pain"], []], ["absent"], 3, []),
        ([["pain"], []], ["pain"], 0, []),
        ([["pain"], []], ["pain"], 3, [0]),
        ([["pain"], ["pain"], ["pain"]], ["pain"], 2, [0, 1]),  # ties by number
        ([["nerve"], ["pain", "nerve"], ["pain", "pain"]], ["pain"], 3, [2, 1]),
    ],
)
def test_edges(compiled: bool, corpus: list[list[str]], query: list[str], limit: int, expected: list[int]) -> None:
    assert PostingsBM25(corpus, K1, B, compiled).top(query, limit)[0].tolist() == expected


def test_a_term_in_every_passage_still_counts() -> None:
    """Okapi's own idf would be negative here; in a small corpus that term is the very topic."""
    model = PostingsBM25([["pain"], ["pain", "nerve"]])
    assert model.idf["pain"] > 0
    assert model.get_scores(["pain"]).min() > 0


def test_the_rest_of_rank_bm25s_interface() -> None:
    corpus = [["pain", "nerve"], ["nerve"], ["pain", "pain"], ["x"]]
    model, oracle = PostingsBM25(corpus, K1, B), Oracle(corpus, k1=K1, b=B)
    assert dict(model.idf) == pytest.approx(oracle.idf, abs=1e-9)
    assert model.get_batch_scores(["pain"], [2, 0]) == pytest.approx(oracle.get_batch_scores(["pain"], [2, 0]))
    assert model.get_top_n(["pain"], ["a", "b", "c", "d"], 2) == ["c", "a"]


def test_many_repetitions_do_not_overflow() -> None:
    corpus = [["pain"] * 70_000, ["pain"] * 300, ["nerve"]]
    np.testing.assert_allclose(
        PostingsBM25(corpus, K1, B).get_scores(["pain"]),
        Oracle(corpus, k1=K1, b=B).get_scores(["pain"]),
        atol=1e-9,
    )


def test_threads_do_not_disturb_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bm25, "_DENSE", 0)  # the way of adding up that keeps arrays between queries
    engine = _engine(_random_corpus(5, 3_000), False)
    asked = [[Group({term: 1.0, other: 0.5}) for term in TERMS] for other in TERMS]
    alone = [engine.search(query, LANGUAGE, 10) for query in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda at: engine.search(asked[at % 7], LANGUAGE, 10), range(280)))
    assert together == alone * 40


def test_two_languages_are_two_collections() -> None:
    engine = EmbeddedEngine()
    engine.index([Entry(0, "en", ["pain"]), Entry(1, "it", ["pain", "dolore"]), Entry(5, "en", ["pain", "nerve"])])
    assert [entry.number for entry in engine.search([Group({"pain": 1.0})], "en", 9)] == [0, 5]
    assert [entry.number for entry in engine.search([Group({"pain": 1.0})], "it", 9)] == [1]
    assert engine.search([Group({"pain": 1.0})], "fr", 9) == []
    assert (engine.size("en"), engine.size("it"), engine.size("fr")) == (2, 1, 0)
    assert dict(engine.vocabulary("en")) == {"pain": 2, "nerve": 1}
    assert "dolore" not in engine.vocabulary("en")
    assert engine.vocabulary("en").get("dolore", 0) == 0


def _engine(corpus: Sequence[Sequence[str]], compiled: bool) -> EmbeddedEngine:
    engine = EmbeddedEngine(K1, B, compiled)
    engine.index(Entry(number, LANGUAGE, terms) for number, terms in enumerate(corpus))
    return engine


def _ranked(corpus: Sequence[Sequence[str]], query: Sequence[Group]) -> list[tuple[int, float]]:
    """Every passage that shares a term with the query, best first: the definition, one passage after the other."""
    size = len(corpus)
    mean = sum(map(len, corpus)) / size or 1.0
    totals: dict[int, float] = {}
    for group in query:
        presence = sum(max((w for t, w in group.variants.items() if t in document), default=0) for document in corpus)
        idf = math.log(1 + (size - presence + 0.5) / (presence + 0.5))
        for number, document in enumerate(corpus):
            frequency = sum(weight * document.count(term) for term, weight in group.variants.items())
            if frequency:
                norm = K1 * (1 - B + B * len(document) / mean)
                gained = group.weight * idf * frequency * (K1 + 1) / (frequency + norm)
                totals[number] = totals.get(number, 0.0) + gained
    return sorted(totals.items(), key=lambda total: (-total[1], total[0]))


@pytest.mark.parametrize("compiled", COMPILED)
def test_weights_above_one_make_nothing_negative(compiled: bool) -> None:
    model = PostingsBM25([["pain"], ["pain", "nerve"], ["nerve"]], compiled=compiled)
    numbers, scores = model.top_of_groups([Group({"pain": 3.0, "nerve": 2.0})], 10)
    assert sorted(numbers.tolist()) == [0, 1, 2]
    assert scores.min() > 0
