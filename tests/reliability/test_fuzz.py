"""Anything at all, given to the engine, the readers of files and the cache: an answer or our own error, never a fault.

`FONTE_FUZZ` is the number of examples of each property; `make fuzz` sets a large one.
"""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.cache import Cache, unpacked
from qa.documents.conversion import _result
from qa.documents.corpus import load_corpus, read_corpus
from qa.documents.encodings import decode
from qa.documents.formats import READERS, Content, FileProblem
from qa.documents.front_matter import front_matter
from qa.documents.passages import split
from qa.errors import InputError
from qa.evidence.assessment import assess
from qa.retrieval.cache import open_index
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS
from tests.documents.pdfs import pdf
from tests.reliability import fuzz

EXAMPLES = int(os.environ.get("FONTE_FUZZ", "40"))
often = settings(
    max_examples=EXAMPLES, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
ODD = "magnesio kratom ketamina sciatica non senza 'l’ E\u0301 \u202e \x00 \U0001f600 \ufeff <b> ../ %00 ?"
WORDS = st.sampled_from(ODD.split())
TEXT = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join))


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


@often
@given(TEXT, st.lists(TEXT, max_size=4), st.sampled_from([None, "en", "it"]), st.integers(1, 10))
def test_any_question(answerer: Answerer, question: str, history: list[str], code: str | None, limit: int) -> None:
    try:
        answer = answerer.ask(question, code, limit, history)
    except InputError:
        return
    assert len(answer.passages) <= limit
    for found in answer.passages:
        passage = found.passage
        assert passage.document.text[passage.start : passage.end] == passage.text
        assert all(0 <= mark.start < mark.end <= len(passage.text) for mark in found.highlights)
    assert answer_json(answerer.ask(question, code, limit, history)) == answer_json(answer)


@often
@given(st.permutations(["E la ketamina?", "Il magnesio aiuta?", "Does kratom help?"]))
def test_the_order_of_a_conversation_counts(answerer: Answerer, history: list[str]) -> None:
    """The question after it is understood from the last one that names something."""
    asked = answerer.ask("Ci sono studi?", "it", 3, history)
    alone = answerer.ask("Ci sono studi?", "it", 3, history[-1:])
    assert asked.query.text == alone.query.text
    assert answerer.ask("Ci sono studi?", "it", 3, history).interpreted == asked.interpreted


@often
@given(TEXT, st.sampled_from([None, "en", "it", "xx"]))
def test_any_text_to_label(text: str, code: str | None) -> None:
    assessment = assess(text, code)
    for caveat in assessment.caveats:
        assert all(0 <= span.start < span.end <= len(text) for span in caveat.spans)
    assert assess(text, code) == assessment


def damaged(data: bytes, hits: list[tuple[float, int]], end: float) -> bytes:
    """The bytes with some of their bits turned, cut off at a share of their length."""
    turned = bytearray(data)
    for place, mask in hits:
        turned[int(place * (len(turned) - 1))] ^= mask
    return bytes(turned[: int(end * len(turned))])


HITS = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=8)
END = st.one_of(st.just(1.0), st.floats(0, 1))
PAGE = (
    b"<html lang=en><head><title>Cramps</title></head><body><article><h1>Cramps</h1><p>"
    + b"Magnesium was tried in four studies of older people and changed little. " * 6
    + b"</p></article></body></html>"
)
FILES = {
    ".txt": "Il magnesio aiuta.\r\n\r\nPerché no?\n".encode(),
    ".md": b"---\ntitle: Pain\ndate: 2019-03-19\ntags: [a, b]\n---\n# Pain\n\nIt hurts.\n",
    ".pdf": pdf([["Neuropathic pain follows damage to the nerves."]], "Pain", "Ann"),
    ".html": PAGE,
}


@often
@pytest.mark.parametrize("ending", FILES)
@given(hits=HITS, end=END, rest=st.binary(max_size=40))
def test_any_file(ending: str, hits: list[tuple[float, int]], end: float, rest: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"file{ending}"
    data = damaged(FILES[ending], hits, end) + rest
    path.write_bytes(data)
    if ending in READERS:
        try:
            content: Content | FileProblem = READERS[ending](data)
        except FileProblem as problem:
            content = problem
    else:
        content = _result(path, lambda told: None)
    assert isinstance(content, Content | FileProblem)
    if isinstance(content, Content):
        assert 0 <= content.body <= len(content.text)
        content.text.encode("utf-8")


@often
@given(st.binary(max_size=200))
def test_any_bytes_as_text(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except FileProblem:
        return
    text.encode("utf-8")
    head = front_matter(f"---\n{text}\n---\n")
    assert head is None or head.end >= 0


SOURCES = b'[[document]]\nfile = "a.txt"\nlanguage = "it"\ntitle = "x"\npublished = 2019-03-19\nkind = "blog"\n'
ROWS = b'{"_id": "1", "title": "x", "text": "Il magnesio aiuta.", "metadata": {"lang": "it"}}\n'


@often
@pytest.mark.parametrize(
    ("name", "whole"), [("sources.toml", SOURCES), ("corpus.jsonl", ROWS), ("a.txt", FILES[".txt"])]
)
@given(hits=HITS, end=END)
def test_any_corpus(name: str, whole: bytes, hits: list[tuple[float, int]], end: float, tmp_path: Path) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / "a.txt").write_bytes(FILES[".txt"])
    (tmp_path / name).write_bytes(damaged(whole, hits, end))
    corpus = read_corpus(tmp_path)
    assert corpus.documents or corpus.problems or name != "a.txt"
    for document in corpus.documents:
        for passage in split(document):
            assert document.text[passage.start : passage.end] == passage.text


class Kept:
    """A small corpus, a cache with its index, the index's file, and that file's bytes."""

    def __init__(self, folder: Path) -> None:
        (folder / "corpus").mkdir()
        (folder / "corpus" / "a.txt").write_bytes(FILES[".txt"])
        self.corpus, self.cache = load_corpus(folder / "corpus"), Cache(folder / "cache")
        open_index(self.corpus, Parts(), self.cache)
        (self.file,) = (folder / "cache").glob("index-*.bin")
        self.whole = self.file.read_bytes()
        fresh = open_index(self.corpus, Parts(), Cache(None))
        self.expected = fresh.passages, list(fresh.entries())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"))


@often
@given(hits=HITS, end=END)
def test_any_damage_to_the_index(
    kept: Kept, hits: list[tuple[float, int]], end: float, caplog: pytest.LogCaptureFixture
) -> None:
    data = damaged(kept.whole, hits, end)
    aside = kept.file.with_name("aside")
    aside.write_bytes(data)
    aside.replace(kept.file)  # a file that is mapped elsewhere is never written into
    caplog.clear()
    index = open_index(kept.corpus, Parts(), kept.cache)
    assert bool(caplog.records) is (data != kept.whole)
    assert (index.passages, list(index.entries())) == kept.expected
    caplog.clear()
    open_index(kept.corpus, Parts(), kept.cache)
    assert not caplog.records  # it was made again, whole


@often
@given(st.binary(max_size=300))
def test_any_bytes_as_packed_data(data: bytes) -> None:
    """Behind the checksum nothing is read but what we wrote; without it, a fault is an error, not a crash."""
    with suppress(ValueError, EOFError, TypeError):
        unpacked(np.frombuffer(data, np.uint8))


def test_the_interface_for_some_seconds() -> None:
    figures = fuzz.interface(requests=20, seconds=300, phases="examples,fuzzing")
    assert figures["requests"] >= 10
    assert figures["time was over"] is False
    assert not fuzz.bad(figures)


def test_the_interface_when_the_time_is_over() -> None:
    figures = fuzz.interface(requests=100_000, seconds=1)
    assert figures["time was over"] is True
    assert not fuzz.bad(figures)
