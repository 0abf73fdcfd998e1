"""From a query to ranked passages: one list per passage language from the engine, a second look, one fused list."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.documents.passages import Passage
from qa.language.registry import LANGUAGES
from qa.retrieval.closeness import WEIGHT, closeness
from qa.retrieval.engine import Engine, Entry, Group
from qa.retrieval.fusion import BALANCE, Hit, fuse
from qa.retrieval.query import Query, QueryBuilder
from qa.retrieval.terms import index_terms, passage_terms, titles
from qa.retrieval.tuning import Parts

DEPTH = 30  # passages of each language that get a second look
_CONCENTRATED = 0.75


class Retriever:
    """Searches the passages of one collection through one engine."""

    def __init__(self, engine: Engine, passages: Sequence[Passage], parts: Parts | None = None) -> None:
        self.engine, self.passages, self.parts = engine, passages, parts or Parts()
        self.engine.index(self._entries())
        self.builder = QueryBuilder(engine, self.parts, self._topics())

    def search(self, query: Query, limit: int = DEPTH) -> list[Hit]:
        """The best passages in any language, best first; only such as share a term with the query."""
        lists = {code: self._list(query, code, max(limit, DEPTH)) for code in self._codes(query)}
        return fuse(lists, BALANCE if self.parts.balance else 0.0)[:limit]

    def gains(self, groups: Sequence[Group], code: str) -> list[float]:
        """What each group is worth in that language: its weight times the idf of its variants together."""
        vocabulary, size = self.engine.vocabulary(code), self.engine.size(code)
        gains = []
        for group in groups:
            holding = min(size, sum(weight * vocabulary.get(term, 0) for term, weight in group.variants.items()))
            gains.append(group.weight * math.log(1 + (size - holding + 0.5) / (holding + 0.5)))
        return gains

    def _codes(self, query: Query) -> list[str]:
        if self.parts.lexicon or self.parts.cognates or query.language is None:
            return list(LANGUAGES)
        return [query.language]

    def _list(self, query: Query, code: str, depth: int) -> list[Hit]:
        groups = query.groups(code)
        entries = self.engine.search(groups, code, depth)
        if not self.parts.closeness:
            return [Hit(self.passages[entry.number], entry.score) for entry in entries]
        gains = self.gains(groups, code)
        hits = []
        for place, entry in enumerate(entries):
            passage = self.passages[entry.number]
            extra = WEIGHT * closeness(passage, groups, gains) if place < DEPTH else 0.0
            hits.append(Hit(passage, entry.score + extra))
        return sorted(hits, key=lambda hit: -hit.score)

    def _entries(self) -> Iterator[Entry]:
        for number, passage in enumerate(self.passages):
            if passage.language:
                yield Entry(number, passage.language, passage_terms(passage, passage.language, self.parts.headings))

    def _topics(self) -> dict[str, frozenset[str]]:
        """For each language the terms of titles that are found in those titles' documents and hardly elsewhere."""
        topics: dict[str, frozenset[str]] = {}
        if not self.parts.topics:
            return topics
        titled: dict[str, Counter[str]] = {code: Counter() for code in LANGUAGES}
        for passage in self.passages:
            if passage.language and (above := titles(passage)):
                title = set(index_terms(above[0], passage.language))
                titled[passage.language].update(title)
        for code, counts in titled.items():
            holding = self.engine.vocabulary(code)
            topics[code] = frozenset(
                term for term, count in counts.items() if count >= _CONCENTRATED * holding.get(term, count)
            )
        return topics
