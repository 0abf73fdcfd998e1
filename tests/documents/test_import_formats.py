"""What `qa import` makes of each kind of file, and what it says of those it cannot read."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.documents.corpus import load_corpus
from qa.documents.passages import split
from tests.documents.importing import ENGLISH, GERMAN, ITALIAN, MORE, PAGE, exact, rows, run
from tests.documents.pdfs import encrypted, pdf, raw_pdf


def test_a_text_is_stored_byte_for_byte(box: Path, tmp_path: Path) -> None:
    data = f"\ufeffNerves\r\n\r\n{ENGLISH}\r\n".encode()
    (box / "nerves.txt").write_bytes(data)
    result = run(box / "nerves.txt", "--to", tmp_path / "to")
    assert result.exit_code == 0
    assert "1 document imported" in result.stdout
    assert (tmp_path / "to" / "nerves.txt").read_bytes() == data
    assert rows(tmp_path / "to")["nerves.txt"] == {
        "file": "nerves.txt",
        "language": "en",
        "title": "",
        "author": "",
        "published": "",
        "url": "",
        "kind": "other",
        "original": "nerves.txt",
        "original_sha256": hashlib.sha256(data).hexdigest(),
    }
    assert 'author = ""  # unknown' in (tmp_path / "to" / "sources.toml").read_text("utf-8")
    corpus = load_corpus(tmp_path / "to")
    assert (corpus.documents[0].title, corpus.documents[0].author) == ("Nerves", None)
    assert exact(corpus)


def test_front_matter_tells_and_is_no_passage(box: Path, tmp_path: Path) -> None:
    head = "---\ntitle: Dolore\nauthor: [Anna, Bice]\ndate: 19 marzo 2019\nlang: it-IT\n---\n"
    (box / "dolore.md").write_text(f"{head}\n# Dolore\n\n{ITALIAN}\n", "utf-8")
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    corpus = load_corpus(tmp_path / "to")
    (document,) = corpus.documents
    assert (document.title, document.author, document.published, document.language) == (
        "Dolore", "Anna, Bice", "2019-03-19", "it",
    )  # fmt: skip
    assert document.text.startswith(head)
    assert [each.text for each in split(document)] == [ITALIAN]
    assert exact(corpus)


def test_front_matter_tells_without_sources_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\nby: Ann\n---\n{ENGLISH}\n", "utf-8")
    (document,) = load_corpus(tmp_path).documents
    assert (document.author, document.title, document.titled) == ("Ann", "a", False)
    assert [each.start for each in split(document)] == [len("---\nby: Ann\n---\n")]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_page_gives_its_main_content_and_what_it_tells(box: Path, tmp_path: Path, charset: str) -> None:
    data = PAGE.format(charset=charset, text=ENGLISH, more=MORE).encode(charset)
    (box / "cramps.html").write_bytes(data)
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    corpus = load_corpus(tmp_path / "to")
    (document,) = corpus.documents
    assert (document.title, document.author, document.published, document.url) == (
        "Cramps at night", "José Núñez", "2021-05-03", "https://example.org/cramps",
    )  # fmt: skip
    assert "Shop" not in document.text
    assert "Cookies" not in document.text
    assert [(each.section, each.text) for each in split(document)] == [
        (None, ENGLISH),
        ("What was tried", MORE),
    ]
    assert (tmp_path / "to" / "cramps.html").read_bytes() == data
    assert (document.original, document.original_sha256) == ("cramps.html", hashlib.sha256(data).hexdigest())
    assert exact(corpus)


def test_a_pdf_keeps_its_pages(box: Path, tmp_path: Path) -> None:
    wrapped = ["Neuropathic pain follows damage to the nerves, and the people who have it tell of neuro-",
               "pathic burning. Heat and rest helped some of them for an hour or two in the evening."]  # fmt: skip
    pages = [wrapped, [], ["What was tried", "", *[MORE[at : at + 90] for at in range(0, len(MORE), 90)]]]
    (box / "pain.pdf").write_bytes(pdf(pages, "Pain of nerves", "Ann Roe"))
    result = run(box, "--to", tmp_path / "to")
    assert result.exit_code == 0
    assert "no text on page 2" in result.stdout
    corpus = load_corpus(tmp_path / "to")
    (document,) = corpus.documents
    assert (document.title, document.author, document.published) == ("Pain of nerves", "Ann Roe", None)
    assert document.note == "3 pages; no text on page 2: pictures, or scanned"
    assert "neuropathic burning" in document.text
    assert [(each.place, each.pages) for each in split(document)] == [
        ("p. 1", "p. 1"),
        ("What was tried, p. 3", "p. 3"),
    ]
    assert exact(corpus)


def test_a_beir_corpus_gives_a_document_a_row(box: Path, tmp_path: Path) -> None:
    lines = [
        {"_id": "a/1", "title": "Pain", "text": ENGLISH, "metadata": {"url": "https://example.org/1"}},
        {"_id": 2, "title": "", "text": ITALIAN},
        {"_id": "empty", "text": " "},
        {"text": "no id"},
        ["no", "row"],
    ]
    data = "\n".join(json.dumps(line) for line in lines) + '\n{"_id": "h", "text": "\\ud800"}\nnot json\n'
    (box / "corpus.jsonl").write_text(data, "utf-8")
    result = run("--json", box / "corpus.jsonl", "--to", tmp_path / "to")
    outcomes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [bool(outcome["stored"]) for outcome in outcomes] == [True, True, *[False] * 5]
    assert [outcome["problem"].split(":")[0].split(" (")[0] for outcome in outcomes[2:]] == [
        "empty", *["not a row with _id and text"] * 4,
    ]  # fmt: skip
    assert outcomes[3]["source"].endswith("corpus.jsonl:4")
    assert result.exit_code == 1
    corpus = load_corpus(tmp_path / "to")
    assert [(each.file, each.title, each.url, each.original) for each in corpus.documents] == [
        ("corpus/2.txt", "2", None, "corpus.jsonl.original"),
        ("corpus/a/1.txt", "Pain", "https://example.org/1", "corpus.jsonl.original"),
    ]
    assert exact(corpus)


BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.md": (b" \r\n\t\n", "empty"),
    "head-only.md": (b"---\ntitle: Nothing\n---\n\n", "empty"),
    "empty.pdf": (b"", "empty"),
    "scan.pdf": (raw_pdf([b"0 0 100 100 re f", b""]), "2 pages without any text, a scan"),
    "locked.pdf": (
        encrypted(pdf([["Secret of the nerves."]]), "key"),
        "encrypted, it opens only with a password",
    ),
    "torn.pdf": (pdf([["Nerves."]])[:150], "a broken PDF"),
    "not-a.pdf": (b"This is no PDF at all, though its name says so.", "a broken PDF"),
    "signs.pdf": (pdf([["!#$%&/=?+*~^<>{}" * 4]]), "its letters cannot be read"),
    "menu.html": (
        b"<html><body><ul>" + b"".join(b'<li><a href="/%d">Link %d</a>' % (n, n) for n in range(80)) + b"</ul>",
        "hardly a sentence in its main content",
    ),
    "script.html": (
        b"<html><body><div id='app'></div><script>start()</script></body></html>",
        "navigation only",
    ),
    "deep.html": (f"<html><body>{'<div>' * 50_000}<p>{MORE}</p>".encode(), "nested too deep"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
    "cyrillic.txt": ("Боль в нервах приходит ночью".encode("cp1251"), "in an encoding that cannot be told"),
    "sheet.xlsx": (b"PK\x03\x04", "ending '.xlsx': read are .txt, .md"),
    "no-ending": (b"text", "ending '': read are"),
}


def test_no_bad_file_stops_the_rest_and_each_is_told(box: Path, tmp_path: Path) -> None:
    for name, (data, _) in BAD.items():
        (box / name).write_bytes(data)
    (box / "zz last.txt").write_text(ENGLISH, "utf-8")
    result = run(box, "--to", tmp_path / "to")
    assert result.exit_code == 1
    assert f"1 document imported into {tmp_path / 'to'}, 0 there already, {len(BAD)} not" in result.stdout
    told = {
        line.split(": ", 2)[1]: line.split(": ", 2)[2] for line in result.stdout.splitlines() if "not imported" in line
    }
    for name, (_, reason) in BAD.items():
        assert reason in told[str(box / name)], name
    assert [document.file for document in load_corpus(tmp_path / "to").documents] == ["zz last.txt"]


def test_a_pdf_whose_only_password_is_empty_is_read(box: Path, tmp_path: Path) -> None:
    (box / "open.pdf").write_bytes(encrypted(pdf([[ENGLISH[:106]]]), ""))
    assert run(box, "--to", tmp_path / "to").exit_code == 0


def test_latin_1_is_turned_into_utf_8_and_kept(box: Path, tmp_path: Path) -> None:
    data = f"Perché città.\n\n{ITALIAN} È così.\n".encode("latin-1")
    (box / "vecchio.txt").write_bytes(data)
    result = run(box, "--to", tmp_path / "to")
    assert "was in Windows-1252 (Latin-1), stored in UTF-8" in result.stdout
    assert (tmp_path / "to" / "vecchio.txt").read_bytes().decode("utf-8").startswith("Perché città.")
    assert (tmp_path / "to" / "vecchio.txt.original").read_bytes() == data
    assert CliRunner().invoke(main, ["check", "--corpus", str(tmp_path / "to")]).exit_code == 0


def test_an_unknown_language_is_told(box: Path, tmp_path: Path) -> None:
    (box / "nerven.txt").write_text(f"{GERMAN} {GERMAN.replace('Nacht', 'Woche')}", "utf-8")
    result = run(box, "--to", tmp_path / "to")
    assert "nerven.txt: in no language that Fonte knows" in result.stdout
    assert "language" not in rows(tmp_path / "to")["nerven.txt"]
    assert load_corpus(tmp_path / "to").documents[0].language is None
