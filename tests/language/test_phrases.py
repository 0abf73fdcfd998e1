"""Headwords in running text, through their stems."""

import threading
from pathlib import Path

import pytest

from qa import cache as caches
from qa.cache import Cache
from qa.language.everyday import everyday_entries
from qa.language.files import DATA
from qa.language.phrases import Found, Headwords, index_term, stems
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonym_entries
from qa.language.translation import read_lexicon

LEXICON = Headwords("it", [("nervo", 1), ("nervo sciatico", 2), ("dolore al nervo sciatico", 3), ("l'ago", 4)])


@pytest.mark.parametrize(
    ("text", "position", "found"),
    [
        ("il nervo sciatico", 1, [(1, 1), (2, 2)]),
        ("i nervi sciatici", 1, [(1, 1), (2, 2)]),  # inflected
        ("DOLORE AL NERVO SCIATICO", 0, [(4, 3)]),
        ("nervo", 0, [(1, 1)]),  # at the end of a text too each once
        ("il nervo", 1, [(1, 1)]),  # a phrase is found whole or not at all
        ("sciatico nervo", 0, []),
    ],
)
def test_at(text: str, position: int, found: list[tuple[int, int]]) -> None:
    assert sorted(LEXICON.at(stems(text, "it"), position)) == [Found(*each) for each in found]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("nervi", [1]),
        ("nervo sciatico", [2]),
        ("nervo del dente", []),
        ("", []),
        ("l’ago", [4]),
    ],
)
def test_of(text: str, values: list[int]) -> None:
    assert LEXICON.of(text) == values


def test_short_headwords_are_left_out_where_asked() -> None:
    lexicon = Headwords("it", [("nervo", 1), ("nervo sciatico", 2)], least=2)
    assert [found.value for found in lexicon.at(stems("nervo sciatico", "it"), 0)] == [2]


@pytest.mark.parametrize(
    ("code", "headword"),
    [("en", "jab"), ("en", "mice"), ("en", "a day"), ("it", "chetamina"), ("it", "a digiuno"), ("it", "0,2 cc")],
)
def test_a_headword_is_found_whatever_its_stem(code: str, headword: str) -> None:
    assert Headwords(code, [(headword, 1)]).of(headword) == [1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_headword_of_the_data_is_found(code: str) -> None:
    listed = {text for text, _ in synonym_entries(code)} | {text for text, _ in everyday_entries(code)}
    listed |= {pair.left if code == "en" else pair.right for pair in read_lexicon(DATA / "en-it.tsv")}
    headwords = Headwords(code, ((text, text) for text in sorted(listed)))
    assert [text for text in sorted(listed) if text not in headwords.of(text)] == []


def test_several_values_may_stand_under_one_headword() -> None:
    assert Headwords("en", [("nerve", "a"), ("nerve", "b")]).of("nerves") == ["a", "b"]


def test_stems_are_the_same_by_the_short_way_and_the_long_one() -> None:
    assert stems("nervi sciatici", "it") == stems("nervi, sciatici!", "it") == ("nerv", "sciatic")
    assert index_term(stems("nervi sciatici", "it")) == "nerv_sciatic"
    assert stems("", "it") == ()


def test_a_headword_in_the_making_is_waited_for(tmp_path: Path) -> None:
    """A second thread must not take what the first is still unpacking for nothing at all."""
    begun, go = threading.Event(), threading.Event()

    def restore(value: tuple[str]) -> tuple[str]:
        begun.set()
        assert go.wait(30)
        return value

    before = caches.in_use()
    caches.use(Cache(tmp_path))
    try:
        headwords = Headwords.kept("x", "it", lambda: [("nervo", ("found",))], restore)
    finally:
        caches.use(before)
    found: list[list[tuple[str]]] = []
    threads = [threading.Thread(target=lambda: found.append(headwords.of("nervo"))) for _ in range(2)]
    threads[0].start()
    assert begun.wait(30)
    threads[1].start()
    threads[1].join(0.2)  # it would be through by now if it did not wait
    go.set()
    for thread in threads:
        thread.join()
    assert found == [[("found",)], [("found",)]]
