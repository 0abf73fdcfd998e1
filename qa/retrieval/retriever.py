"""From a query to ranked passages: one list per passage language from the engine, a second look, one fused list."""

import math
from collections.abc import Sequence

from qa.language.registry import LANGUAGES
from qa.language.unknown import UNKNOWN
from qa.retrieval.cache import Index
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Engine, Group, Keeping
from qa.retrieval.facts import asked
from qa.retrieval.fusion import Hit, fuse
from qa.retrieval.query import TOPIC_CERTAINTY, Query, QueryBuilder
from qa.retrieval.ranking import Candidate, CandidateList, rank
from qa.retrieval.semantic import Reranker, rerank
from qa.retrieval.tuning import Parts

DEPTH = 30  # passages of each language that get a second look


class Retriever:
    """Searches the passages of one collection through one engine."""

    def __init__(
        self, engine: Engine, index: Index, parts: Parts | None = None, reranker: Reranker | None = None
    ) -> None:
        self.reranker = reranker
        self.engine, self.passages, self.parts = engine, index.passages, parts or Parts()
        if isinstance(engine, EmbeddedEngine):
            engine.open(index.postings)
        elif not isinstance(engine, Keeping):
            engine.index(index.entries())
        elif index.elsewhere is None:  # a collection that came out of the engine needs no second look for it
            engine.attach(index.corpus)
        self._index = index
        self.builder = QueryBuilder(engine, self.parts, index.topics)

    def search(self, query: Query, limit: int = DEPTH, asked: frozenset[str] | None = None) -> list[Hit]:
        """The best passages in any language, best first; only such as share a term with the query.

        `asked`: what `self.asked(query)` gave, where it is known already.
        """
        lists = self.lists(query, max(limit, DEPTH))
        if not self.parts.ranking:
            return fuse({listed.code: _hits(listed) for listed in lists})[:limit]
        hits = rank(lists, self.asked(query) if asked is None else asked, query.content)
        return (rerank(query, hits, self.reranker) if self.reranker else hits)[:limit]

    def asked(self, query: Query) -> frozenset[str]:
        """The sorts of fact that the question asks for, by itself or with the earlier one that it goes on from."""
        if not self.parts.facts:
            return frozenset()
        codes = (query.language,) if query.language else tuple(LANGUAGES)
        before = (asked(earlier, tuple(LANGUAGES)) for earlier in query.asks_as)
        return asked(query.text, codes).union(*before)

    def topical(self, query: Query) -> bool:
        """Whether the question names something that documents are about."""
        return any(
            variant.term in self.builder.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
            for concept in query.concepts
            if not concept.faint
            for code, listed in concept.variants.items()
            for variant in listed
        )

    def lists(self, query: Query, depth: int = DEPTH) -> list[CandidateList]:
        """One ranked list for each passage language, as the engine gives it."""
        lists = []
        for code in self._codes(query):
            concepts = [concept for concept in query.concepts if concept.variants.get(code)]
            groups = query.groups(code)
            gains = self.gains(groups, code)
            rare = math.log(1 + self.engine.size(code))
            absent = sum(concept.weight * rare for concept in query.concepts if not concept.variants.get(code))
            found = self.engine.search(groups, code, depth)
            numbers = [entry.number for entry in found]
            sought = {variant.term for concept in concepts for variant in concept.variants[code]}
            candidates = [
                Candidate(self.passages[entry.number], entry.score, profile)
                for entry, profile in zip(found, self._index.profiles(numbers, code, sought), strict=True)
            ]
            topics = self.builder.topics.get(code, frozenset())
            lists.append(CandidateList(code, concepts, gains, sum(gains) + absent, topics, candidates))
        return lists

    def gains(self, groups: Sequence[Group], code: str) -> list[float]:
        """What each group is worth in that language: its weight times the idf of its variants together."""
        vocabulary, size = self.engine.vocabulary(code), self.engine.size(code)
        gains = []
        for group in groups:
            holding = min(size, sum(weight * vocabulary.get(term, 0) for term, weight in group.variants.items()))
            gains.append(group.weight * math.log(1 + (size - holding + 0.5) / (holding + 0.5)))
        return gains

    def _codes(self, query: Query) -> list[str]:
        unknown = [UNKNOWN] if self.engine.size(UNKNOWN) else []
        if self.parts.lexicon or self.parts.cognates or query.language is None:
            return [*LANGUAGES, *unknown]
        return [query.language, *unknown]


def _hits(listed: CandidateList) -> list[Hit]:
    return [Hit(candidate.passage, candidate.score) for candidate in listed.candidates]
