"""An index of OpenSearch: written aside in bulk, completed where a run was broken off, swapped in by its alias.

Beside a document for each passage the index holds the vocabulary of each language in a few documents of its own, which
are written last: an index that has them is complete. It belongs to one state of the code and data that read the texts.
"""

import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from opensearchpy import OpenSearch

from qa.cache import digest, reading
from qa.errors import EngineError
from qa.retrieval.engine import Entry

Item = TypeVar("Item")


class PartError(Exception):
    """A request that was carried out in part only: worth another try. Its text says what the cluster did."""

    def __init__(self, told: str = "answered for a part of the collection only") -> None:
        super().__init__(told)


FORM = "5"  # of the documents; another one, another index
_COUNT = "return query.boost * doc.freq;"
_BULK = 1_000
_BULK_BYTES = 8_000_000  # of one request; a cluster refuses more than 100 MB
_SLOW = {"request_timeout": 60}  # seconds: for what takes a cluster longer than an answer may
BUSY = frozenset({408, 429, 502, 503, 504})  # statuses that pass
_TERMS_A_DOCUMENT = 50_000


class Beside(Protocol):
    """What is written beside the terms, so that the index alone is enough to answer."""

    def content(self, number: int) -> list[Any]:
        """Of the passage of this number."""
        ...

    def documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(name, document of the index) of all that belongs to no single passage."""
        ...


class Calling(Protocol):
    """Asks the cluster something, as often as it takes."""

    def __call__(self, ask: Callable[[], Any]) -> Any:
        """What it says."""
        ...


@dataclass(frozen=True)
class Facts:
    """What an index tells of itself."""

    index: str
    corpus: str
    sizes: Mapping[str, int]
    means: Mapping[str, float]
    vocabularies: Mapping[str, Mapping[str, int]]


def read_facts(client: OpenSearch, call: Calling, alias: str) -> Facts | None:
    """What the index behind an alias tells; None where there is none.

    Raises EngineError when it is incomplete, or was made by other code than this.
    """
    index = index_in_use(client, call, alias)
    if index is None:
        return None
    told = _meta(call(lambda: client.indices.get_mapping(index=index))[index])
    if (told.get("form"), told.get("reading")) != (FORM, reading()):
        raise EngineError(
            f"OpenSearch's index {index!r} was made by another version of Fonte or for other languages: "
            "run `qa index` again"
        )
    corpus = told["corpus"]
    body = {"size": 1_000, "query": {"term": {"kind": "vocabulary"}}}
    hits = call(lambda: whole(client.search(index=index, body=body)))["hits"]["hits"]
    sizes: dict[str, int] = {}
    means: dict[str, float] = {}
    vocabularies: dict[str, dict[str, int]] = {}
    for hit in hits:
        row = hit["_source"]["vocabulary"]
        code = row["language"]
        sizes[code], means[code] = row["size"], row["mean"]
        vocabularies.setdefault(code, {}).update(zip(row["terms"], row["counts"], strict=True))
        if row["of"] != sum(other["_source"]["vocabulary"]["language"] == code for other in hits):
            raise EngineError(f"OpenSearch's index {index!r} is incomplete: run `qa index` again")
    return Facts(index, corpus, sizes, means, vocabularies)


def whole(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a search found in every shard; raises PartError where one did not answer: a node has just gone."""
    if found["timed_out"] or found["_shards"]["failed"]:
        raise PartError
    return found


def index_in_use(client: OpenSearch, call: Calling, alias: str) -> str | None:
    """The name of the index behind an alias; None where there is none."""
    return _behind(
        call(lambda: client.indices.get_alias(index=f"{alias}-*", params={"allow_no_indices": "true"})), alias
    )


class Writer:
    """Writes one corpus into an index of its own, with `beside` also what its passages say."""

    def __init__(
        self, client: OpenSearch, call: Calling, alias: str, corpus: str, beside: Beside | None = None
    ) -> None:
        self._client, self._call, self._alias, self._corpus = client, call, alias, corpus
        self._beside = beside
        self._index = f"{alias}-{digest([FORM, reading(), corpus, str(beside is not None)])[:16]}"
        self._written = f"{self._index}-written"  # its own name to write by: it goes with the index

    def write(
        self, entries: Iterable[Entry], progress: Callable[[int], None], shards: int = 3, replicas: int = 1
    ) -> None:
        """Writes what is not there yet, then points the alias here.

        The index that the alias pointed to stays until the next time, for those who still search it.
        """
        self._create(shards, replicas)
        there = self._numbers()
        counts: dict[str, Counter[str]] = {}
        sizes: Counter[str] = Counter()
        lengths: Counter[str] = Counter()

        def missing() -> Iterator[Entry]:
            for entry in entries:
                counts.setdefault(entry.language, Counter()).update(set(entry.terms))
                sizes[entry.language] += 1
                lengths[entry.language] += len(entry.terms)
                if entry.number not in there:
                    yield entry

        done = len(there)
        for written in self._bulks((str(entry.number), self._document(entry)) for entry in missing()):
            done += written
            progress(done)
        for code, counted in counts.items():
            deque(self._bulks(_vocabulary(code, counted, sizes[code], lengths[code])), maxlen=0)
        if self._beside:
            deque(self._bulks(self._beside.documents()), maxlen=0)
        self._refresh()
        self._swap(replicas)

    def _create(self, shards: int, replicas: int) -> None:
        if self._call(lambda: self._client.indices.exists(index=self._index)):
            return
        text = {"type": "text", "analyzer": "whitespace", "similarity": "count", "index_options": "freqs"}
        body = {
            "aliases": {self._written: {}},
            "settings": {
                "number_of_shards": shards,
                "number_of_replicas": 0,  # copied once it is complete, which is cheaper than writing twice
                "refresh_interval": "-1",
                "similarity": {"count": {"type": "scripted", "script": {"source": _COUNT}}},
            },
            "mappings": {
                "_meta": {"corpus": self._corpus, "form": FORM, "reading": reading()},
                "dynamic_templates": [{"terms": {"match": "terms_*", "mapping": text}}],
                "properties": {
                    "kind": {"type": "keyword"},
                    "number": {"type": "integer"},
                    "length": {"type": "integer"},
                    "vocabulary": {"type": "object", "enabled": False},
                    "content": {"type": "object", "enabled": False},
                },
            },
        }
        try:
            self._call(lambda: self._client.indices.create(index=self._index, body=body))
        except EngineError:  # a cluster that was slow to say so may have made it all the same
            if not self._call(lambda: self._client.indices.exists(index=self._index)):
                raise

    def _numbers(self) -> set[int]:
        """The passages that an earlier run has written."""
        self._refresh()
        body: dict[str, Any] = {
            "size": 10_000,
            "query": {"term": {"kind": "passage"}},
            "sort": [{"number": "asc"}],
            "_source": False,
        }
        found: set[int] = set()
        while True:
            hits = self._call(lambda: whole(self._client.search(index=self._index, body=body)))["hits"]["hits"]
            found.update(int(hit["_id"]) for hit in hits)
            if len(hits) < 10_000:
                return found
            body["search_after"] = hits[-1]["sort"]

    def _bulks(self, documents: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[int]:
        """Writes them, as many at once as one request may well hold; how many, after each request."""
        actions = (f"{_json({'index': {'_id': name}})}\n{_json(row)}\n" for name, row in documents)
        for batch in batches((action.encode("utf-8", "surrogatepass") for action in actions), len, _BULK, _BULK_BYTES):
            self._bulk(b"".join(batch))
            yield len(batch)

    def _bulk(self, body: bytes) -> None:
        how = {**_SLOW, "require_alias": "true"}  # else an index that is gone is made anew

        def sent() -> Mapping[str, Any]:
            said: Mapping[str, Any] = self._client.bulk(index=self._written, body=body, params=how)
            if said["errors"] and any(item["index"]["status"] in BUSY for item in said["items"]):
                raise PartError("is too busy to take more")
            return said

        said = self._call(sent)
        if said["errors"]:
            wrong = next(item["index"] for item in said["items"] if "error" in item["index"])
            if wrong["error"]["type"] == "index_not_found_exception":
                raise EngineError(
                    "another `qa index` has ended meanwhile and removed what this one wrote: run it again"
                )
            raise EngineError(f"OpenSearch refuses passage {wrong['_id']}: {wrong['error']['type']}")

    def _refresh(self) -> None:
        self._call(lambda: self._client.indices.refresh(index=self._index, params=_SLOW))

    def _swap(self, replicas: int) -> None:
        settings = {"index": {"number_of_replicas": replicas, "refresh_interval": "1s"}}
        self._call(lambda: self._client.indices.put_settings(index=self._index, body=settings, params=_SLOW))
        listed = self._call(lambda: self._client.indices.get(index=f"{self._alias}-*"))
        ours = re.compile(re.escape(self._alias) + "-[0-9a-f]{16}")  # an alias may begin as another one does
        others = [name for name in listed if ours.fullmatch(name) and name != self._index]
        before = _behind(listed, self._alias)
        actions = [{"remove": {"index": name, "alias": self._alias, "must_exist": False}} for name in others]
        actions.append({"add": {"index": self._index, "alias": self._alias}})
        self._call(lambda: self._client.indices.update_aliases(body={"actions": actions}, params=_SLOW))
        kept = {before, index_in_use(self._client, self._call, self._alias)}  # another run may have swapped since
        if older := [name for name in others if name not in kept]:
            gone = {**_SLOW, "ignore_unavailable": "true"}  # where a first try has done it
            self._call(lambda: self._client.indices.delete(index=",".join(older), params=gone))

    def _document(self, entry: Entry) -> dict[str, Any]:
        made: dict[str, Any] = {
            "kind": "passage",
            "number": entry.number,
            "length": len(entry.terms),
            f"terms_{entry.language}": " ".join(entry.terms),
        }
        if self._beside:
            made["content"] = self._beside.content(entry.number)
        return made


def _meta(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = row.get("mappings", {}).get("_meta", {})
    return found


def _behind(listed: Mapping[str, Mapping[str, Any]], alias: str) -> str | None:
    return next((name for name, row in listed.items() if alias in row["aliases"]), None)


def batches(items: Iterable[Item], size: Callable[[Item], int], most: int, room: int) -> Iterator[list[Item]]:
    """The items in lists of `most` at the most, whose sizes sum up to `room` or less; a larger one stands alone."""
    batch: list[Item] = []
    taken = 0
    for item in items:
        own = size(item)
        if batch and (len(batch) == most or taken + own > room):
            yield batch
            batch, taken = [], 0
        batch.append(item)
        taken += own
    if batch:
        yield batch


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _vocabulary(code: str, counted: Counter[str], size: int, length: int) -> Iterator[tuple[str, dict[str, Any]]]:
    listed = sorted(counted.items())
    parts = range(0, max(len(listed), 1), _TERMS_A_DOCUMENT)
    for at in parts:
        some = listed[at : at + _TERMS_A_DOCUMENT]
        row = {
            "language": code,
            "of": len(parts),
            "size": size,
            "mean": length / size or 1.0,
            "terms": [term for term, _ in some],
            "counts": [count for _, count in some],
        }
        yield f"vocabulary-{code}-{at}", {"kind": "vocabulary", "vocabulary": row}
