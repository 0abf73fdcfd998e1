"""The cache on disk: what is kept comes back, what is damaged is made again, and nobody is in another's way."""

import gc
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import cache as caches
from qa.answering.answerer import Answerer
from qa.cache import Cache, packed, uncollected, unpacked
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.document import Document
from qa.documents.passages import Passage, split
from qa.retrieval import cache as index_cache
from qa.retrieval.cache import open_index
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS

PARTS = {
    "numbers": np.arange(10, dtype=np.int32),
    "none": np.zeros(0, np.float64),
    "table": np.ones((2, 3), np.uint8),
}
QUESTIONS = ("Il magnesio aiuta contro la sciatica?", "is kratom addictive", "What is the capital of Peru?")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """A cache of the test's own, in use."""
    before = caches.in_use()
    caches.use(Cache(tmp_path / "cache"))
    yield caches.in_use()
    caches.use(before)


def _files(cache: Cache, name: str) -> list[Path]:
    assert cache.folder is not None
    return sorted(cache.folder.glob(f"{name}-*.bin"))


def test_what_is_kept_comes_back(cache: Cache) -> None:
    assert cache.read("x", "key") is None
    assert cache.write("x", "key", PARTS)
    found = cache.read("x", "key")
    assert found is not None
    assert list(found) == list(PARTS)
    for name, part in PARTS.items():
        assert found[name].dtype == part.dtype
        np.testing.assert_array_equal(found[name], part)
        assert not found[name].size or not found[name].flags.writeable
    assert cache.read("x", "other key") is None
    assert cache.read("y", "key") is None


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)


@given(plain)
def test_plain_data_is_packed_whole(value: object) -> None:
    assert unpacked(packed(value)) == value


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda data: data[:-1],
    "cut in its head": lambda data: data[:20],
    "one bit turned": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "a bit of its head turned": lambda data: data[:30] + bytes([data[30] ^ 1]) + data[31:],
    "longer": lambda data: data + b"\0",
    "foreign": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "text": lambda _: b"nothing of ours",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_noticed_told_and_mended(cache: Cache, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    cache.write("x", "key", PARTS)
    (file,) = _files(cache, "x")
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    with caplog.at_level(logging.WARNING, "qa.cache"):
        found = cache.kept("x", "key", lambda: PARTS)
    np.testing.assert_array_equal(found["numbers"], PARTS["numbers"])
    assert [record.name for record in caplog.records] == ["qa.cache"]
    assert file.name in caplog.text
    assert cache.read("x", "key") is not None


def test_a_file_of_another_key_under_our_name_is_not_taken(cache: Cache) -> None:
    cache.write("x", "one", PARTS)
    cache.write("x", "two", {"numbers": np.zeros(1)})
    one = next(file for file in _files(cache, "x") if b'"one"' in file.read_bytes())
    other = next(file for file in _files(cache, "x") if b'"two"' in file.read_bytes())
    shutil.copy(other, one)
    assert cache.read("x", "one") is None


def test_old_files_go(cache: Cache) -> None:
    for number in range(20):
        cache.write("x", str(number), PARTS)
    assert len(_files(cache, "x")) <= 6
    assert cache.read("x", "19") is not None


def test_without_a_folder_nothing_is_kept() -> None:
    nowhere = Cache(None)
    assert not nowhere.writable
    assert not nowhere.write("x", "key", PARTS)
    assert nowhere.read("x", "key") is None
    assert list(nowhere.others("x")) == []


def test_a_folder_that_is_a_file_is_no_obstacle_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = Cache(tmp_path / "file")
    assert not blocked.write("x", "key", PARTS)
    assert blocked.kept("x", "key", lambda: PARTS) is PARTS
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"{tmp_path / 'file'}: " in caplog.text and "stays in memory alone" in caplog.text


def test_what_a_killed_writer_left_is_swept(cache: Cache) -> None:
    cache.write("x", "key", PARTS)
    assert cache.folder is not None
    old, new, other = (cache.folder / name for name in (".x-1.bin-old", ".x-1.bin-new", ".y-1.bin-old"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (1, 1))
    cache.write("x", "other", PARTS)
    assert [path.exists() for path in (old, new, other)] == [False, True, True]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    closed = Cache(tmp_path)
    assert not closed.writable
    assert not closed.write("x", "key", PARTS)


def _answers(corpus: Corpus) -> list[tuple[object, ...]]:
    answerer = Answerer(corpus)
    answers = [answerer.ask(question) for question in QUESTIONS]
    return [
        (answer.answered, answer.confidence, [(p.passage.id, p.score, p.caveats) for p in answer.passages])
        for answer in answers
    ]


def test_answers_are_the_same_cold_warm_and_without(cache: Cache) -> None:
    corpus = load_corpus(SHIPPED_CORPUS)
    cold = _answers(corpus)
    assert _files(cache, "index")
    assert _files(cache, "assessments")
    warm = _answers(corpus)
    caches.use(Cache(None))
    without = _answers(corpus)
    assert cold == warm == without


def test_only_changed_documents_are_read_again(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(SHIPPED_CORPUS, folder)
    open_index(load_corpus(folder), Parts(), cache)
    changed = folder / "en" / "magnesium-and-neuropathy.txt"
    changed.write_bytes(changed.read_bytes() + b"\n\nA new paragraph tells of zinc and the elbow.\n")
    read = []

    def split_and_tell(document: Document) -> list[Passage]:
        read.append(document.id)
        return split(document)

    monkeypatch.setattr(index_cache, "split", split_and_tell)
    corpus = load_corpus(folder)
    again = open_index(corpus, Parts(), cache)
    assert read == ["en/magnesium-and-neuropathy"]
    fresh = open_index(corpus, Parts(), Cache(None))
    assert again.passages == fresh.passages
    assert again.topics == fresh.topics
    assert list(again.entries()) == list(fresh.entries())
    for code, (postings, numbers) in fresh.postings.items():
        kept, kept_numbers = again.postings[code]
        assert dict(kept.terms) == dict(postings.terms)
        for name in ("starts", "passages", "counts", "lengths"):
            np.testing.assert_array_equal(getattr(kept, name), getattr(postings, name))
        np.testing.assert_array_equal(kept_numbers, numbers)


def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    program = (
        "import qa, sys; a = qa.Answerer(qa.load_corpus(sys.argv[1])); "
        "print([(p.passage.id, p.score) for p in a.ask('is kratom addictive').passages])"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(SHIPPED_CORPUS)],
            env=os.environ | {"QA_CACHE": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert said[0] == said[1]
    assert said[0][0].startswith("[('en/kratom")
    assert said[0][1] == ""
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_the_collector_comes_back_when_the_last_pause_ends() -> None:
    """Pauses of two threads overlap: the one that begins second ends last."""
    assert gc.isenabled()
    first, second = uncollected(), uncollected()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()
