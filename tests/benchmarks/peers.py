"""Ours and other people's retrievers behind one face: built from passages as terms, asked for the best ten."""

import importlib
import sqlite3
import subprocess
import tempfile
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from qa.retrieval.bm25 import K1, B, PostingsBM25
from tests.cluster.machine import LackError, jars, java

TOP = 10
Ask = Callable[[Sequence[str]], object]
"""Answers a question; a float is the seconds it took where another process measured them itself."""
Build = Callable[[Iterable[list[str]]], Ask]


def ours(compiled: bool) -> Build:
    """Fonte's embedded engine."""

    def build(passages: Iterable[list[str]]) -> Ask:
        model = PostingsBM25(passages, compiled=compiled)
        return lambda query: model.top(query, TOP)

    return build


def rank_bm25(passages: Iterable[list[str]]) -> Ask:
    """rank-bm25's Okapi."""
    model = importlib.import_module("rank_bm25").BM25Okapi(list(passages), k1=K1, b=B)

    def ask(query: Sequence[str]) -> object:
        scores = model.get_scores(query)
        return scores.argpartition(-TOP)[-TOP:] if len(scores) > TOP else scores

    return ask


def bm25s(backend: str) -> Build:
    """bm25s (Lù 2024), with either of its backends."""

    def build(passages: Iterable[list[str]]) -> Ask:
        model = importlib.import_module("bm25s").BM25(method="lucene", k1=K1, b=B, backend=backend)
        model.index(list(passages), show_progress=False)
        return lambda query: model.retrieve([list(query)], k=min(TOP, model.scores["num_docs"]), show_progress=False)

    return build


def tantivy(passages: Iterable[list[str]]) -> Ask:
    """Tantivy, Lucene's sister in Rust, over the same terms."""
    library = importlib.import_module("tantivy")
    schema = library.SchemaBuilder().add_text_field("terms", stored=False, tokenizer_name="whitespace").build()
    index = library.Index(schema)
    writer = index.writer(200_000_000, 1)
    for passage in passages:
        writer.add_document(library.Document(terms=[" ".join(passage)]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(query: Sequence[str]) -> object:
        parts = [(library.Occur.Should, library.Query.term_query(schema, "terms", term)) for term in query]
        return searcher.search(library.Query.boolean_query(parts), TOP)

    return ask


def sqlite(passages: Iterable[list[str]]) -> Ask:
    """SQLite's FTS5, in memory."""
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table passages using fts5(terms, content='', tokenize='ascii')")
    base.executemany("insert into passages(terms) values (?)", ((" ".join(passage),) for passage in passages))
    base.commit()
    order = f"select rowid from passages where passages match ? order by rank limit {TOP}"

    def ask(query: Sequence[str]) -> object:
        return base.execute(order, (" OR ".join(f'"{term}"' for term in query),)).fetchall()

    return ask


def langchain(passages: Iterable[list[str]]) -> Ask:
    """LangChain's BM25Retriever."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package tells that it is no longer looked after
        kind: Any = importlib.import_module("langchain_community.retrievers").BM25Retriever
    found = kind.from_texts([" ".join(passage) for passage in passages], preprocess_func=str.split, k=TOP)
    return lambda query: found.invoke(" ".join(query))


def haystack(passages: Iterable[list[str]]) -> Ask:
    """Haystack's in-memory BM25."""
    stores = importlib.import_module("haystack.document_stores.in_memory")
    document = importlib.import_module("haystack").Document
    store = stores.InMemoryDocumentStore(bm25_tokenization_regex=r"\S+")
    store.write_documents([document(id=str(at), content=" ".join(row)) for at, row in enumerate(passages)])
    return lambda query: store.bm25_retrieval(" ".join(query), top_k=TOP)


def lucene(passages: Iterable[list[str]]) -> Ask:
    """Lucene in a Java process of its own, which says how long each search took, the pipe between us left out."""
    try:
        order = [java(), "-Xmx3g", "-cp", jars(), str(Path(__file__).with_name("Lucene.java"))]
    except LackError as lack:
        raise ImportError(str(lack), name="Lucene") from lack
    folder = tempfile.TemporaryDirectory()
    started = subprocess.Popen(
        [*order, folder.name, str(K1), str(B), str(TOP)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdin is not None
    assert started.stdout is not None
    say, hear = started.stdin, started.stdout
    for passage in passages:
        say.write(" ".join(passage) + "\n")
    say.write("\n")
    say.flush()
    if hear.readline().strip() != "ready":
        raise RuntimeError("Lucene did not start")

    def ask(query: Sequence[str]) -> float:
        say.write(" ".join(query) + "\n")
        say.flush()
        return int(hear.readline().split()[0]) / 1e9

    def end() -> None:
        started.kill()
        folder.cleanup()

    weakref.finalize(ask, end)
    return ask


# Name, how it is built, and up to how many passages it is asked: beyond, a run would take hours.
PEERS: tuple[tuple[str, Build, int], ...] = (
    ("Fonte, numpy", ours(False), 1_000_000),
    ("Fonte, numba", ours(True), 1_000_000),
    ("rank-bm25", rank_bm25, 1_000_000),
    ("bm25s, numpy", bm25s("numpy"), 1_000_000),
    ("bm25s, numba", bm25s("numba"), 1_000_000),
    ("tantivy", tantivy, 1_000_000),
    ("Lucene", lucene, 1_000_000),
    ("SQLite FTS5", sqlite, 1_000_000),
    ("LangChain", langchain, 100_000),
    ("Haystack", haystack, 100_000),
)

ELSEWHERE = frozenset({"Lucene"})
"""Those whose index is held by another program."""
