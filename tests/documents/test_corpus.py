"""Corpus folders: what is read, and for each thing that can be wrong the file, line, field and value."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.documents import corpus as corpus_module
from qa.documents.corpus import Corpus, load_corpus, read_corpus
from qa.documents.formats import FileProblem, read_bytes
from qa.documents.passages import split
from qa.errors import CorpusError
from qa.settings import SHIPPED_CORPUS

TEXT = "Il magnesio aiuta contro la sciatica e il dolore ai nervi.\n"
ENGLISH = "Magnesium does not help with the pain in the back of the leg.\n"
ROW = '[[document]]\nfile = "a.txt"\n'

Write = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a folder of files and gives its path."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir()
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return folder

    return write


def told(corpus: Corpus) -> list[str]:
    """The problems, with the folder's own path left out."""
    return [problem.message.replace(f"{corpus.path}/", "") for problem in corpus.problems]


LEFT_OUT: list[tuple[dict[str, str | bytes], list[str]]] = [
    ({"b.txt": b"\x00\x01\x02"}, ["b.txt: a binary file, no text, left out"]),
    ({"b.txt": "perché".encode("latin-1")}, ["b.txt: not UTF-8 (byte 0xe9 in line 1); save it as UTF-8, left out"]),
    ({"b.txt": ""}, ["b.txt: empty, left out"]),
    ({"sub/b.md": "\ufeff\r\n"}, ["sub/b.md: empty, left out"]),
    ({"b.txt": TEXT, "sources.toml": ROW}, ["b.txt: not named in sources.toml, left out"]),
    ({"sources.toml": f'{ROW}[[document]]\nfile = "gone.txt"\n'}, ["sources.toml: file 'gone.txt' is not there"]),
    (
        {"sources.toml": f'{ROW}[[document]]\nfile = "../../etc/passwd.txt"\n'},
        ["sources.toml: file '../../etc/passwd.txt' is not there"],
    ),
]


@pytest.mark.parametrize(("files", "problems"), LEFT_OUT)
def test_what_leaves_one_file_out(files: dict[str, str | bytes], problems: list[str], write: Write) -> None:
    corpus = read_corpus(write({"a.txt": TEXT, **files}))
    assert told(corpus) == problems
    assert not any(problem.fatal for problem in corpus.problems)
    assert [document.id for document in load_corpus(corpus.path).documents] == ["a"]


FATAL: list[tuple[dict[str, str | bytes], str]] = [
    ({"sources.toml": "[[document]\n"}, "sources.toml: Expected ']]' at the end of an array declaration (at line 1"),
    ({"sources.toml": b"# \xe8\n"}, "sources.toml: 'utf-8' codec can't decode byte 0xe8"),
    ({"sources.toml": '[document]\nfile = "a.txt"\n'}, "sources.toml: 'document' must be written [[document]]"),
    ({"sources.toml": 'document = "a.txt"\n'}, "sources.toml: 'document' must be written [[document]]"),
    ({"sources.toml": "[[documents]]\n"}, "sources.toml: unknown table 'documents', expected [[document]]"),
    ({"sources.toml": f'{ROW}language = "xx"\n'}, "sources.toml: document 1: language 'xx' is not one of en, it"),
    ({"sources.toml": f"{ROW}language = 3\n"}, "sources.toml: document 1: language 3 is not a text"),
    ({"sources.toml": f'{ROW}kind = "news"\n'}, "sources.toml: document 1: kind 'news' is not one of article, "),
    ({"sources.toml": f"{ROW}author = 3\n"}, "sources.toml: document 1: author 3 is not a text"),
    (
        {"sources.toml": f'{ROW}colour = "red"\n'},
        "sources.toml: document 1: unknown field 'colour', known are author, ",
    ),
    (
        {"sources.toml": f'{ROW}published = "19 marzo"\n'},
        "sources.toml: document 1: published '19 marzo' is not a date",
    ),
    ({"sources.toml": f'{ROW}published = "2019-13"\n'}, "sources.toml: document 1: published '2019-13' is not a date"),
    ({"sources.toml": f"{ROW}published = 3\n"}, "sources.toml: document 1: published '3' is not a date"),
    ({"sources.toml": '[[document]]\ntitle = "x"\n'}, "sources.toml: document 1: 'file' is missing"),
    ({"sources.toml": "[[document]]\nfile = 3\n"}, "sources.toml: document 1: 'file' is missing"),
    ({"sources.toml": f"{ROW}{ROW}"}, "sources.toml: document 2: file 'a.txt' is named twice"),
    ({"a.md": TEXT}, "a.txt: same document id 'a' as a.md"),
    ({"sources.toml": "document = [1]\n"}, "sources.toml: document 1: 1 is no table"),
    ({"sources.toml": f'{ROW}language = ["it"]\n'}, "sources.toml: document 1: language ['it'] is not a text"),
    ({"sources.toml": f'{ROW}published = "2019-02-31"\n'}, "sources.toml: document 1: published '2019-02-31'"),
    ({"sources.toml": "document = " + "[" * 5_000 + "]" * 5_000}, "sources.toml: nested too deep"),
    ({"sources.toml": " " * 20_000_001}, "sources.toml: 20,000,001 bytes, more than the 20,000,000"),
]


@pytest.mark.parametrize(("files", "problem"), FATAL)
def test_what_stops_the_folder(files: dict[str, str | bytes], problem: str, write: Write) -> None:
    corpus = read_corpus(write({"a.txt": TEXT, **files}))
    fatal = [message for message, found in zip(told(corpus), corpus.problems, strict=True) if found.fatal]
    assert any(message.startswith(problem) for message in fatal), fatal
    with pytest.raises(CorpusError, match=str(corpus.path)):
        load_corpus(corpus.path)


def test_a_wrong_row_still_names_its_file(write: Write) -> None:
    corpus = read_corpus(write({"a.txt": TEXT, "sources.toml": f'{ROW}kind = "news"\n'}))
    assert len(told(corpus)) == 1


def test_all_problems_are_listed_at_once(write: Write) -> None:
    rows = f'{ROW}language = "xx"\nkind = "news"\n[[document]]\nfile = "gone.txt"\n'
    messages = told(read_corpus(write({"a.txt": TEXT, "b.txt": b"\x00", "sources.toml": rows})))
    assert len([m for m in messages if m.startswith("sources.toml: ")]) == 3
    assert any(m.startswith("b.txt: ") for m in messages)


@pytest.mark.parametrize("name", ["missing", "file.txt", "empty", "readme"])
def test_a_folder_with_nothing_usable(name: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text(TEXT, "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "readme").mkdir()
    (tmp_path / "readme" / "README.md").write_text(TEXT, "utf-8")
    reasons = {"missing": "no such folder", "file.txt": "is not a folder"}
    with pytest.raises(CorpusError) as problem:
        load_corpus(tmp_path / name)
    assert str(problem.value) == f"{tmp_path / name}: {reasons.get(name, 'no document in this folder')}"


def test_where_every_file_is_left_out_the_reasons_are_told(write: Write) -> None:
    with pytest.raises(CorpusError, match=r"no document in this folder; .*a\.txt: empty, left out"):
        load_corpus(write({"a.txt": ""}))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(write: Write) -> None:
    folder = write({"a.txt": TEXT, "b.txt": TEXT})
    (folder / "b.txt").chmod(0)
    assert told(read_corpus(folder)) == ["b.txt: cannot be read: Permission denied, left out"]


def test_a_link_out_of_the_folder_is_not_followed(write: Write, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("segreto\n", "utf-8")
    folder = write({"a.txt": TEXT})
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    corpus = read_corpus(folder)
    assert told(corpus) == ["b.txt: a link out of the corpus folder, left out"]
    assert [document.id for document in corpus.documents] == ["a"]


def test_nor_one_that_is_set_between_the_look_and_the_reading(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.txt").write_text("segreto\n", "utf-8")
    folder = write({"a.txt": TEXT, "b.txt": TEXT})
    looked = corpus_module._text_files

    def swapped(*given: Any) -> list[Path]:
        found = list(looked(*given))
        (folder / "b.txt").unlink()
        (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
        return found

    monkeypatch.setattr(corpus_module, "_text_files", swapped)
    corpus = read_corpus(folder)
    assert told(corpus) == ["b.txt: a link out of the corpus folder, left out"]
    assert [document.id for document in corpus.documents] == ["a"]


@pytest.mark.parametrize("name", ["sources.toml", "corpus.jsonl"])
def test_nor_for_what_tells_of_the_texts(write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text('{"_id": "1", "text": "x"}\n[a]\n', "utf-8")
    folder = write({"a.txt": TEXT})
    (folder / name).symlink_to(tmp_path / "secret")
    assert told(read_corpus(folder)) == [f"{name}: a link out of the corpus folder"]


def test_a_link_within_the_folder_is_followed(write: Write) -> None:
    folder = write({"a.txt": TEXT})
    (folder / "b.txt").symlink_to("a.txt")
    assert [document.id for document in load_corpus(folder).documents] == ["a", "b"]


def test_a_pipe_is_not_waited_for(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileProblem, match="no file that can be read"):
        read_bytes(tmp_path / "pipe")


def test_a_folder_without_sources_detects_and_names(write: Write) -> None:
    corpus = load_corpus(
        write({"b.txt": f"Un titolo\n\n{TEXT}", "sub/A.md": ENGLISH * 2, "x.pdf": b"%PDF", "README.md": "x"})
    )
    assert [(d.id, d.language, d.title, d.kind) for d in corpus.documents] == [
        ("b", "it", "Un titolo", "other"),
        ("sub/A", "en", ENGLISH.strip(), "other"),
    ]
    assert [d.author for d in corpus.documents] == [None, None]


def test_an_untitled_text_is_named_by_its_file(write: Write) -> None:
    (document,) = load_corpus(write({"sul-magnesio.txt": f"{TEXT.strip()} {TEXT}"})).documents
    assert (document.title, document.titled) == ("sul-magnesio", False)


def test_a_text_in_no_known_language_is_kept(write: Write) -> None:
    (document,) = load_corpus(write({"a.txt": "Помогает ли магний при боли в нервах и в спине?\n"})).documents
    assert document.language is None
    assert len(split(document)) == 1


def test_sources_win_over_what_the_text_tells(write: Write) -> None:
    rows = f'{ROW}title = "Altro"\nlanguage = "en"\nauthor = "A. B."\npublished = 2019-03-19\nkind = "blog"\n'
    rows += 'url = "https://a.example"\n'
    (document,) = load_corpus(write({"a.txt": f"Un titolo\n\n{TEXT}", "sources.toml": rows})).documents
    assert (document.title, document.language, document.author) == ("Altro", "en", "A. B.")
    assert (document.published, document.url, document.kind) == ("2019-03-19", "https://a.example", "blog")


def test_a_bom_and_carriage_returns_stay_in_the_stored_text(write: Write) -> None:
    stored = f"\ufeffUn titolo\r\n\r\n{TEXT}"
    (document,) = load_corpus(write({"a.txt": stored})).documents
    assert document.text == stored
    assert document.title == "Un titolo"
    assert document.sha256 == hashlib.sha256(stored.encode("utf-8")).hexdigest()


def test_the_digest_tells_corpora_apart(write: Write) -> None:
    folder = write({"a.txt": TEXT})
    before = load_corpus(folder).digest
    assert load_corpus(folder).digest == before
    (folder / "a.txt").write_text(TEXT + "E basta.\n", "utf-8")
    after = load_corpus(folder).digest
    assert after != before
    (folder / "sources.toml").write_text(f'{ROW}kind = "blog"\n', "utf-8")
    assert load_corpus(folder).digest not in (before, after)


# The beginning of the SHA-256 of each text as it was received.
SHA256 = {
    "en/kratom-for-neuropathic-pain": "ff2de7d94f14a680",
    "en/magnesium-and-neuropathy": "2a38aad36e25ac30",
    "it/ketamina-per-fibromialgia": "efa5785d26e03389",
    "it/magnesio-e-dolore-ai-nervi": "5b9ac2d1a1a8f670",
    "it/mesoterapia-antalgica": "4fdf55d1bf79d944",
}


def test_the_shipped_texts_are_byte_for_byte_as_received() -> None:
    corpus = load_corpus(SHIPPED_CORPUS)
    assert corpus.problems == ()
    assert {d.id: d.sha256[:16] for d in corpus.documents} == SHA256
    for document in corpus.documents:
        stored = (SHIPPED_CORPUS / document.file).read_bytes()
        assert document.text.encode("utf-8") == stored


# BEIR folders.


def test_a_beir_folder(write: Write) -> None:
    rows = [
        {"_id": "b", "title": "Magnesio", "text": TEXT, "metadata": {"lang": "it"}},
        {"_id": 7, "text": ENGLISH},
        {"_id": "e", "text": "", "lang": "en"},
        {"_id": "x", "text": TEXT, "metadata": {"lang": "xx"}},
    ]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    corpus = load_corpus(write({"corpus.jsonl": lines, "a.txt": TEXT}))
    assert [(d.id, d.language, d.title, d.whole) for d in corpus.documents] == [
        ("b", "it", "Magnesio", True),
        ("7", "en", "7", True),
        ("e", "en", "e", True),
        ("x", None, "x", True),
    ]
    assert [p.id for d in corpus.documents for p in split(d)] == ["b", "7", "x"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (b'{"_id": "1", "text": "a"}\n\n{"_id": "1", "text": "b"}\n', "corpus.jsonl:3: _id '1' stands twice"),
        (b'{"_id": "1", "text": "a"}\nno json\n', "corpus.jsonl:2: not a row with _id and text"),
        (b'{"_id": "1"}\n', "corpus.jsonl:1: not a row with _id and text: KeyError('text')"),
        (b'{"text": "a"}\n', "corpus.jsonl:1: not a row with _id and text: KeyError('_id')"),
        (b"[1]\n", "corpus.jsonl:1: not a row with _id and text"),
        (b'{"_id": "1", "text": 3}\n', "corpus.jsonl:1: not a row with _id and text: TypeError("),
        (b'{"_id": "1", "text": "a", "metadata": [1]}\n', "corpus.jsonl:1: not a row with _id and text: TypeError("),
        (b'{"_id": "1", "text": "a", "title": [1]}\n', "corpus.jsonl:1: not a row with _id and text: TypeError("),
        (
            b'{"_id": "1", "text": "\xe8"}\n',
            "corpus.jsonl:1: not a row with _id and text: 'utf-8' codec can't decode byte 0xe8",
        ),
        (
            b'{"_id": "1", "text": "\\ud800"}\n',
            "corpus.jsonl:1: not a row with _id and text: 'utf-8' codec can't encode",
        ),
        (b"[" * 100_000, "corpus.jsonl:1: not a row with _id and text: RecursionError("),
    ],
)
def test_broken_beir_rows(lines: bytes, problem: str, write: Write) -> None:
    folder = write({"corpus.jsonl": lines})
    assert told(read_corpus(folder))[0].startswith(problem)
    with pytest.raises(CorpusError, match=r"corpus\.jsonl"):
        load_corpus(folder)
