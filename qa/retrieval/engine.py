"""What a search engine must do for Fonte: a small protocol, so that one can take another's place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Group:
    """The variants of one concept of a query in one language, scored as one term (after Pirkola 1998).

    `variants` maps index terms to weights in (0, 1]; `weight` is the concept's share in the query.
    """

    variants: Mapping[str, float]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What an engine indexes: a passage's number (0, 1, … in corpus order), its language and its terms."""

    number: int
    language: str
    terms: Sequence[str]


class ScoredEntry(NamedTuple):
    """A passage number with its BM25 score for a query."""

    number: int
    score: float


class Engine(Protocol):
    """Scores passages of one language against weighted groups; BM25 with Lucene's idf, k1 and b from settings."""

    name: str

    def index(self, entries: Iterable[Entry]) -> None:
        """Takes all passages, once, replacing whatever was indexed before."""
        ...

    def vocabulary(self, language: str) -> Mapping[str, int]:
        """Index term → number of passages of that language that hold it."""
        ...

    def size(self, language: str) -> int:
        """How many passages of that language are indexed."""
        ...

    def search(self, groups: Sequence[Group], language: str, limit: int) -> list[ScoredEntry]:
        """The best `limit` passages that share a term with the query, best first, ties by number."""
        ...

    def close(self) -> None:
        """Gives back what the engine holds; it answers no more afterwards."""
        ...


@runtime_checkable
class Keeping(Protocol):
    """An engine whose index outlives the process, and is made by `qa index`."""

    def attach(self, corpus: str) -> None:
        """Uses what was indexed for the corpus of this digest; raises EngineError where there is nothing of it."""
        ...
