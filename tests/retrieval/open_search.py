"""As much of a cluster as the engine's writing and reading asks of one, in memory, behind the client's own names."""

import json
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeVar

from opensearchpy import ConnectionError, NotFoundError

from qa.cache import Cache
from qa.documents.corpus import load_corpus
from qa.evidence.assessment import Assessment
from qa.retrieval.cache import open_index
from qa.retrieval.opensearch_collection import Collection
from qa.retrieval.opensearch_index import PartError, Writer
from qa.retrieval.tuning import Parts

Result = TypeVar("Result")


def call(ask: Callable[[], Result]) -> Result:
    """Asks three times at the most, without a pause."""
    for _ in range(2):
        try:
            return ask()
        except PartError:
            continue
    return ask()


class FakeCluster:
    """A client and its cluster in one; `bodies` are the bulk requests as they came.

    `down`: nobody reaches it. `busy`: so many bulk requests find no room. `partial`: so many searches reach no shard.
    """

    def __init__(self) -> None:
        self.down = False
        self.busy = self.partial = 0
        self.held: dict[str, dict[str, Any]] = {}
        self.bodies: list[bytes] = []
        self.indices = self

    def exists(self, index: str) -> bool:
        return index in self.held

    def create(self, index: str, body: Mapping[str, Any]) -> None:
        aliases = {alias: {} for alias in body.get("aliases", ())}
        self.held[index] = {"aliases": aliases, "mappings": body["mappings"], "rows": {}}

    def refresh(self, index: str, **how: Any) -> None:
        self._index(index)

    def put_settings(self, index: str, body: Mapping[str, Any], **how: Any) -> None:
        self._index(index)

    def get(self, index: str, **how: Any) -> dict[str, Any]:
        self._up()
        return {name: held for name, held in self.held.items() if fnmatch(name, index)}

    get_alias = get_mapping = get

    def update_aliases(self, body: Mapping[str, Any], **how: Any) -> None:
        for action in body["actions"]:
            ((kind, told),) = action.items()
            aliases = self._index(told["index"])["aliases"]
            if kind == "add":
                aliases[told["alias"]] = {}
            else:
                aliases.pop(told["alias"], None)

    def delete(self, index: str, **how: Any) -> None:
        for name in index.split(","):
            self.held.pop(name, None)

    def bulk(self, index: str, body: bytes, params: Mapping[str, Any]) -> dict[str, Any]:
        self.bodies.append(body)
        lines = [json.loads(line) for line in body.splitlines()]
        if self.busy:
            self.busy -= 1
            return _refused(lines[::2], 429, "rejected_execution_exception")
        name = next((each for each, held in self.held.items() if index in (each, *held["aliases"])), None)
        if name == index and params.get("require_alias") == "true":
            name = None
        if name is None and params.get("require_alias") == "true":
            return _refused(lines[::2], 404, "index_not_found_exception")
        if name is None:  # a cluster makes what is not there
            self.held[name := index] = {"aliases": {}, "mappings": {}, "rows": {}}
        for action, row in zip(lines[::2], lines[1::2], strict=True):
            self.held[name]["rows"][action["index"]["_id"]] = row
        return {"errors": False, "items": []}

    def mget(self, index: str, body: Mapping[str, Sequence[str]], params: Mapping[str, Any]) -> dict[str, Any]:
        self._up()
        rows = self.held[index]["rows"]
        found = [{"_id": name, "found": name in rows, "_source": rows.get(name)} for name in body["ids"]]
        return {"docs": found}

    def search(self, index: str, body: Mapping[str, Any], **how: Any) -> dict[str, Any]:
        self._up()
        if self.partial:
            self.partial -= 1
            return {"timed_out": False, "_shards": {"failed": 1}, "hits": {"hits": []}}
        kind = body["query"]["term"]["kind"]
        rows = self._index(index)["rows"].items()
        hits = [{"_id": name, "_source": row, "sort": [name]} for name, row in rows if row["kind"] == kind]
        return {"timed_out": False, "_shards": {"failed": 0}, "hits": {"hits": hits}}

    def _index(self, index: str) -> dict[str, Any]:
        if index not in self.held:
            raise NotFoundError(404, "index_not_found_exception", {})
        return self.held[index]

    def close(self) -> None:
        """Nothing to close."""

    def _up(self) -> None:
        if self.down:
            raise ConnectionError("N/A", "refused", OSError())


def _refused(actions: Sequence[Mapping[str, Any]], status: int, kind: str) -> dict[str, Any]:
    error = {"status": status, "error": {"type": kind}}
    return {"errors": True, "items": [{"index": {**action["index"], **error}} for action in actions]}


def collected(folder: Path) -> Collection:
    """What `qa index` would write of the folder; nothing is assessed."""
    corpus = load_corpus(folder)
    index = open_index(corpus, Parts(), Cache(None))
    return Collection(corpus, index, {passage.id: Assessment(None) for passage in index.passages})


def written(cluster: FakeCluster, collection: Collection) -> str:
    """Writes it under the alias `wells`, as `qa index` does; the name of its index."""
    writer = Writer(cluster, call, "wells", collection.corpus.digest, collection)
    writer.write(collection.index.entries(), lambda done: None)
    (name,) = (name for name, held in cluster.held.items() if "wells" in held["aliases"])
    return name
