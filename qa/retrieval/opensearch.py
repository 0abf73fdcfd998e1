"""The engine for collections that outgrow one machine: OpenSearch, with the scores of the embedded engine.

Terms are ours, in one whitespace-analysed field a language, whose similarity gives the plain count of a term times its
boost. So the variants of a concept, boosted by their weights, sum up to one count (Pirkola 1998), and a script of one
line makes BM25 of it as the embedded engine does: with statistics of the whole collection instead of a shard's, and
exact passage lengths instead of Lucene's one byte. What is left is that scores are added up in 32 bits: they differ by
less than one part in a million.
"""

import re
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from qa.errors import EngineError, InputError
from qa.retrieval.bm25 import K1, B, idf
from qa.retrieval.engine import Entry, Group, ScoredEntry
from qa.retrieval.opensearch_collection import read_collection
from qa.retrieval.opensearch_index import BUSY, Beside, Facts, PartError, Writer, index_in_use, read_facts, whole
from qa.retrieval.stored import Stored
from qa.settings import Settings

try:
    from opensearchpy import ConnectionError as AwayError
    from opensearchpy import (
        ConnectionTimeout,
        NotFoundError,
        OpenSearch,
        OpenSearchException,
        SSLError,
        TransportError,
    )
except ImportError as problem:
    raise EngineError("the engine opensearch needs the extra: pip install 'fonte[opensearch]'") from problem

Result = TypeVar("Result")
_Variants = tuple[tuple[str, float], ...]

TRIES = 4
_WRITING_TRIES = 8  # nobody waits for an answer, and a node that starts again takes longer than one may
_COUNTED = 50_000  # concepts whose counts are kept
_PAUSE = 0.1  # seconds before the second try, doubled before each further one
_SCORE = "params.gain * _score / (_score + params.k1 * (1 - params.b + params.b * doc['length'].value / params.mean))"


class OpenSearchEngine:
    """Searches the index behind one alias; `client` may know several nodes of the cluster."""

    name = "opensearch"

    def __init__(self, client: OpenSearch, alias: str = "fonte", k1: float = K1, b: float = B) -> None:
        self._client, self._alias, self._k1, self._b = client, alias, k1, b
        self._index = ""
        self._vocabularies: Mapping[str, Mapping[str, int]] = {}
        self._sizes: Mapping[str, int] = {}
        self._means: Mapping[str, float] = {}
        self._counted: dict[tuple[str, _Variants], float] = {}

    def index(self, entries: Iterable[Entry]) -> None:
        """Indexes a collection that has no digest of its own, and uses it."""
        self.write(entries, f"{time.time_ns():x}")

    def write(
        self,
        entries: Iterable[Entry],
        corpus: str,
        progress: Callable[[int], None] = lambda done: None,
        beside: Beside | None = None,
        **how: int,
    ) -> None:
        """Indexes the corpus of this digest aside, then makes it the one in use; goes on where a run was broken off.

        `progress` is told how many passages are in; `how` may give `shards` and `replicas`. With `beside`, the whole
        collection goes in, and `stored` gives it back.
        """
        writer = Writer(self._client, partial(call, tries=_WRITING_TRIES), self._alias, corpus, beside)
        writer.write(entries, progress, **how)
        self.attach(corpus)

    def attach(self, corpus: str) -> None:
        """Uses what was indexed for the corpus of this digest; raises EngineError where there is nothing of it."""
        facts = self._facts()
        if facts.corpus != corpus:
            raise EngineError(f"OpenSearch's index {self._alias!r} is of another corpus: run `qa index` for this one")
        self._use(facts)

    def stored(self) -> Stored:
        """The collection of the index in use, which is searched from now on; raises EngineError for lack of one."""
        facts = self._facts()
        found = read_collection(self._client, call, facts.index, facts.corpus)
        if found is None:
            raise EngineError(f"OpenSearch's index {facts.index!r} holds no texts: run `qa index` again")
        self._use(facts)
        return found

    def replaced(self) -> bool:
        """Whether another index has taken the place of the one that is searched; False where the cluster is away."""
        try:
            return index_in_use(self._client, call, self._alias) not in (None, self._index)
        except EngineError:
            return False

    def _facts(self) -> Facts:
        facts = read_facts(self._client, call, self._alias)
        if facts is None:
            raise EngineError(f"OpenSearch has no index {self._alias!r}: make it with `qa index --engine opensearch`")
        return facts

    def _use(self, facts: Facts) -> None:
        self._index, self._sizes, self._means = facts.index, facts.sizes, facts.means
        self._vocabularies = facts.vocabularies
        self._counted = {}

    def vocabulary(self, language: str) -> Mapping[str, int]:
        """Index term → number of passages of that language that hold it."""
        return self._vocabularies.get(language, {})

    def size(self, language: str) -> int:
        """How many passages of that language are indexed."""
        return self._sizes.get(language, 0)

    def search(self, groups: Sequence[Group], language: str, limit: int) -> list[ScoredEntry]:
        """The best `limit` passages that share a term with the query, best first, ties by number."""
        known = [variants for group in groups if (variants := self._known(group, language))]
        weights = [group.weight for group in groups if self._known(group, language)]
        if not known or limit <= 0:
            return []
        size = self._sizes[language]
        gains = [
            weight * idf(size, holding) * (self._k1 + 1)
            for weight, holding in zip(weights, self._holding(language, known), strict=True)
        ]
        body = self._body(known, gains, language, limit)
        found = call(lambda: self._whole(body, request_cache="false"))
        entries = [ScoredEntry(int(hit["_id"]), float(hit["_score"])) for hit in found["hits"]["hits"]]
        return sorted(entries, key=lambda entry: (-entry.score, entry.number))[:limit]

    def close(self) -> None:
        """Closes the connections; the index stays."""
        self._client.close()

    def _known(self, group: Group, language: str) -> _Variants:
        """The variants that some passage holds, the strongest first."""
        vocabulary = self.vocabulary(language)
        if group.weight <= 0:
            return ()
        listed = [(term, weight) for term, weight in group.variants.items() if weight > 0 and term in vocabulary]
        return tuple(sorted(listed, key=lambda variant: -variant[1]))

    def _whole(self, body: Mapping[str, Any], **how: str) -> Mapping[str, Any]:
        return whole(self._client.search(index=self._index, body=body, params=how))

    def _body(
        self, known: Sequence[Sequence[tuple[str, float]]], gains: Sequence[float], language: str, limit: int
    ) -> dict[str, Any]:
        field, constants = f"terms_{language}", {"k1": self._k1, "b": self._b, "mean": self._means[language]}
        concepts = [
            {
                "script_score": {
                    "query": _any_of([{"term": {field: {"value": t, "boost": w}}} for t, w in variants]),
                    "script": {"source": _SCORE, "params": {**constants, "gain": gain}},
                }
            }
            for variants, gain in zip(known, gains, strict=True)
        ]
        return {
            "size": limit,
            "_source": False,
            "track_total_hits": False,
            "query": _any_of(concepts),
            "sort": ["_score", {"number": "asc"}],
        }

    def _holding(self, language: str, known: Sequence[_Variants]) -> list[float]:
        """In how many passages each concept stands, each counted with the strongest variant that it holds."""
        vocabulary, counted = self.vocabulary(language), self._counted
        several = [variants for variants in known if len(variants) > 1]
        had = {variants: counted.get((language, variants)) for variants in several}
        missing = [variants for variants, holding in had.items() if holding is None]
        if missing:
            new = dict(zip(missing, self._count(language, missing), strict=True))
            had |= new
            if len(counted) > _COUNTED:
                counted.clear()
            counted.update({(language, variants): holding for variants, holding in new.items()})
        return [
            had.get(variants) or 0.0 if len(variants) > 1 else variants[0][1] * vocabulary[variants[0][0]]
            for variants in known
        ]

    def _count(self, language: str, concepts: Sequence[_Variants]) -> list[float]:
        """The same of concepts of several variants, all in one request."""
        field = f"terms_{language}"

        def first(variants: _Variants, at: int) -> dict[str, Any]:
            """The passages that hold this variant and no stronger one."""
            stronger = [{"term": {field: other}} for other, _ in variants[:at]]
            return {"bool": {"filter": [{"term": {field: variants[at][0]}}], "must_not": stronger}}

        asked = {
            str(number): {"filters": {"filters": {str(at): first(variants, at) for at in range(len(variants))}}}
            for number, variants in enumerate(concepts)
        }
        body = {"size": 0, "track_total_hits": False, "aggs": asked}
        found = call(lambda: self._whole(body))["aggregations"]
        return [
            sum(
                weight * int(found[str(number)]["buckets"][str(at)]["doc_count"])
                for at, (_, weight) in enumerate(variants)
            )
            for number, variants in enumerate(concepts)
        ]


def _any_of(queries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What matches one of these or more, scored by their sum."""
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries}}


def call(ask: Callable[[], Result], tries: int = TRIES) -> Result:
    """What the cluster says, after a few tries where it is away or busy; raises EngineError when it stays so."""
    for pause in (*(_PAUSE * 2**turn for turn in range(tries - 1)), None):
        try:
            return ask()
        except NotFoundError as problem:
            raise EngineError("OpenSearch no longer has this index; start again") from problem
        except SSLError as problem:
            if pause is None:
                raise EngineError(
                    f"OpenSearch cannot be reached for its certificate: {problem.error}; "
                    "the setting certificates names the file of the authority that signed it"
                ) from problem
        except (AwayError, ConnectionTimeout) as problem:
            if pause is None:
                raise EngineError("OpenSearch cannot be reached") from problem
        except PartError as problem:
            if pause is None:
                raise EngineError(f"OpenSearch {problem}") from problem
        except TransportError as problem:
            if pause is None or problem.status_code not in BUSY:
                raise EngineError(f"OpenSearch refuses: {problem.status_code}{_kind(problem)}") from problem
        except OpenSearchException as problem:
            raise EngineError(f"OpenSearch refuses: {type(problem).__name__}") from problem
        time.sleep(pause)
    raise EngineError("OpenSearch cannot be reached")


def _kind(problem: TransportError) -> str:
    """The name OpenSearch gives a refusal; nothing of a page that somebody between may have answered with."""
    told = str(problem.error)
    return f" {told}" if re.fullmatch(r"\w+", told) else ""


def open_client(settings: Settings) -> OpenSearch:
    """A client for the nodes of the settings, with their user and certificate.

    Raises InputError where the file of certificates is none: the client itself would say so at its first request.
    """
    secret = settings.password.get_secret_value()
    certificates: dict[str, Any] = {}
    if settings.certificates:
        try:
            ssl.create_default_context(cafile=settings.certificates)
        except OSError as problem:
            reason = f"certificates = '{settings.certificates}': {problem.strerror or 'no certificate'}"
            raise InputError(reason, "certificates") from problem
        certificates = {"ca_certs": str(settings.certificates)}
    return OpenSearch(
        hosts=[url.strip() for url in settings.url.split(",")],
        http_auth=(settings.user, secret) if settings.user else None,
        timeout=settings.timeout,
        max_retries=0,  # `call` tries again, on another node
        pool_maxsize=16,
        http_compress=True,
        **certificates,
    )


def open_engine(settings: Settings) -> OpenSearchEngine:
    """The engine of the settings; nothing is asked of the cluster yet."""
    return OpenSearchEngine(open_client(settings), settings.index, settings.k1, settings.b)
