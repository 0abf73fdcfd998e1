"""What every engine must do. A test module for an engine subclasses `Conformance` and gives it an `engine` fixture."""

import pytest

from qa.answering.answerer import Answerer
from qa.cache import in_use
from qa.documents.corpus import load_corpus
from qa.retrieval.cache import open_index
from qa.retrieval.engine import Engine, Entry, Group
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS
from tests.conformance.samples import LANGUAGES, Collection, random_collection, ranked


class Conformance:
    """Same hits, same order up to ties, same scores: `TOLERANCE` is how far a score may be off, relative to it."""

    TOLERANCE = 1e-9

    @pytest.mark.parametrize("seed", range(12))
    def test_random_collections(self, engine: Engine, seed: int) -> None:
        self.check(engine, random_collection(seed))

    def test_nothing_indexed(self, engine: Engine) -> None:
        engine.index(iter(()))
        assert engine.search([Group({"pain": 1.0})], "en", 3) == []
        assert engine.size("en") == 0
        assert dict(engine.vocabulary("en")) == {}

    @pytest.mark.parametrize(
        ("query", "limit", "expected"),
        [
            ([], 3, []),
            ([Group({})], 3, []),
            ([Group({"absent": 1.0})], 3, []),
            ([Group({"pain": 1.0})], 0, []),
            ([Group({"pain": 1.0})], 1, [0]),  # ties by number
            ([Group({"pain": 1.0})], 3, [0, 2, 4]),
            ([Group({"pain": 1.0}), Group({"nerve": 1.0})], 9, [1, 0, 2, 4]),
            ([Group({"nerve": 1.0, "absent": 1.0})], 9, [1]),
        ],
    )
    def test_edges(self, engine: Engine, query: list[Group], limit: int, expected: list[int]) -> None:
        entries = [
            Entry(0, "en", ["pain"]),
            Entry(1, "en", ["nerve"]),
            Entry(2, "en", ["pain"]),
            Entry(3, "en", []),
        ]
        engine.index([*entries, Entry(4, "en", ["pain"]), Entry(5, "it", ["pain"])])
        assert [entry.number for entry in engine.search(query, "en", limit)] == expected

    def test_indexing_again_replaces(self, engine: Engine) -> None:
        engine.index([Entry(0, "en", ["pain"]), Entry(1, "en", ["pain"])])
        engine.index([Entry(0, "en", ["nerve"])])
        assert engine.search([Group({"pain": 1.0})], "en", 9) == []
        assert dict(engine.vocabulary("en")) == {"nerve": 1}

    def test_the_shipped_texts(self, engine: Engine) -> None:
        corpus = load_corpus(SHIPPED_CORPUS)
        answerer = Answerer(corpus)
        asked = (
            "Il magnesio aiuta contro la sciatica?",
            "is kratom addictive",
            "ketamina fibromialgia rischi",
        )
        for code in ("en", "it"):
            queries = tuple(tuple(answerer.query(question, None).groups(code)) for question in asked)
            entries = tuple(open_index(corpus, Parts(), in_use()).entries())
            self.check(engine, Collection("shipped", entries, queries))

    def check(self, engine: Engine, collection: Collection) -> None:
        """The engine's answers beside the definition's, in every language, at several depths."""
        engine.index(iter(collection.entries))
        for code in (*LANGUAGES, "xx"):
            own = [entry for entry in collection.entries if entry.language == code]
            assert engine.size(code) == len(own)
            holding = {term: sum(term in entry.terms for entry in own) for entry in own for term in entry.terms}
            assert dict(engine.vocabulary(code)) == holding
            for query in collection.queries:
                expected = ranked(collection.entries, query, code)
                for limit in (1, 10, 1_000):
                    found = engine.search(query, code, limit)
                    assert len(found) == min(limit, len(expected))
                    scores = list(expected.values())[:limit]
                    assert [entry.score for entry in found] == pytest.approx(scores, rel=self.TOLERANCE)
                    for entry in found:
                        assert entry.score == pytest.approx(expected[entry.number], rel=self.TOLERANCE)
                    assert found == sorted(found, key=lambda entry: (-entry.score, entry.number))
                    assert len({entry.number for entry in found}) == len(found)
