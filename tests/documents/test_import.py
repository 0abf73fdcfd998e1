"""`qa import` as people run it: mixed files into a corpus folder that is then read, split and asked."""

import hashlib
import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qa.answering.answerer import Answerer
from qa.cli import main
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.importing import Import, find_sources
from qa.documents.passages import split
from qa.errors import CorpusError, InputError
from tests.documents.pdfs import encrypted, pdf, raw_pdf

ENGLISH = (
    "Neuropathic pain follows damage to the nerves, and the people who have it tell of burning and of stabbing. "
    "In a trial of sixty women, stretching the calf before sleep made the cramps of the night less frequent."
)
ITALIAN = (
    "Il dolore neuropatico nasce da una lesione dei nervi, e chi ne soffre parla di bruciore e di fitte. "
    "In uno studio su sessanta donne gli esercizi per il polpaccio hanno ridotto i crampi della notte."
)
GERMAN = "Der Schmerz kommt von den Nerven, und die Menschen sprechen von einem Brennen, das in der Nacht wiederkommt."
PAGE = """<html lang="en"><head><title>Cramps at night | Health Site</title><meta charset="{charset}">
<meta name="author" content="José Núñez"><meta property="article:published_time" content="2021-05-03T10:00:00Z">
<meta property="og:title" content="Cramps at night"><link rel="canonical" href="https://example.org/cramps"></head>
<body><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><article><h1>Cramps at night</h1><p>{text}</p>
<h2>What was tried</h2><p>{more}</p></article><footer>Cookies</footer></body></html>"""
MORE = (
    "Magnesium was tried in four studies of older people and changed little; the calf that is stretched before sleep "
    "cramps less often, which a study of eighty people over six weeks showed as well, at no cost and without any drug."
)


def run(*arguments: object) -> Result:
    """`qa import` with these arguments."""
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The tables of sources.toml by file."""
    return {row["file"]: row for row in tomllib.loads((folder / "sources.toml").read_text("utf-8"))["document"]}


def exact(corpus: Corpus) -> bool:
    """Every passage is a slice of the file as it is stored."""
    for document in corpus.documents:
        stored = (corpus.path / document.file).read_bytes().decode("utf-8")
        passages = split(document)
        if not passages or any(stored[each.start : each.end] != each.text for each in passages):
            return False
    return bool(corpus.documents)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A folder for what is to be imported."""
    (tmp_path / "box").mkdir()
    return tmp_path / "box"


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


NAMES = {
    "perché fa male 🦵.txt": "perché fa male 🦵.txt",
    "cafe\u0301.txt": "café.txt",  # NFD, as some systems store it
    "a#b?c%d.txt": "a-b-c-d.txt",
    "line\nbreak.txt": "line-break.txt",
    "README.txt": "text-README.txt",
    "x" * 251 + ".txt": "x" * 140 + ".txt",
    "UPPER.TXT": "UPPER.txt",
}


def test_names_of_every_kind(box: Path, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        (box / name).write_text(f"{ENGLISH} {' '.join(f'w{number}x{n}' for n in range(60))}", "utf-8")
    result = run(*[box / name for name in NAMES], "--to", tmp_path / "to")
    assert result.exit_code == 0
    corpus = load_corpus(tmp_path / "to")
    assert corpus.problems == ()
    assert {document.file for document in corpus.documents} == set(NAMES.values())


def test_one_stem_for_several_files_gives_several_documents(box: Path, tmp_path: Path) -> None:
    (box / "other").mkdir()
    (box / "pain.txt").write_text(ENGLISH, "utf-8")
    (box / "pain.md").write_text(ITALIAN, "utf-8")
    (box / "Pain.html").write_text(PAGE.format(charset="utf-8", text=ENGLISH, more=MORE), "utf-8")
    (box / "other" / "pain.txt").write_text(MORE, "utf-8")
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    assert len({document.id.casefold() for document in load_corpus(tmp_path / "to").documents}) == 4
    assert (tmp_path / "to" / "other" / "pain.txt").exists()
    assert run(box / "other" / "pain.txt", "--to", tmp_path / "to").stdout.startswith("0 documents imported")


def test_the_same_text_goes_in_once_and_nearly_the_same_is_noticed(box: Path, tmp_path: Path) -> None:
    long = " ".join([ENGLISH, MORE])
    (box / "a.txt").write_text(long, "utf-8")
    (box / "b.txt").write_text(long.upper().replace(" ", "\n"), "utf-8")
    (box / "c.txt").write_text(f"{long} Read more.", "utf-8")
    result = run(box, "--to", tmp_path / "to")
    assert result.exit_code == 0
    assert f"same text: {box / 'b.txt'}: a.txt" in result.stdout
    assert "note: c.txt: nearly the same text as a.txt" in result.stdout
    checked = CliRunner().invoke(main, ["check", "--corpus", str(tmp_path / "to")])
    assert "c.txt: nearly the same text as a.txt" in checked.stdout
    again = run(box, "--to", tmp_path / "to")
    assert again.exit_code == 0
    assert again.stdout.startswith("0 documents imported")
    assert len(rows(tmp_path / "to")) == 2


def test_an_unknown_language_is_told(box: Path, tmp_path: Path) -> None:
    (box / "nerven.txt").write_text(f"{GERMAN} {GERMAN.replace('Nacht', 'Woche')}", "utf-8")
    result = run(box, "--to", tmp_path / "to")
    assert "nerven.txt: in no language that Fonte knows" in result.stdout
    assert "language" not in rows(tmp_path / "to")["nerven.txt"]
    assert load_corpus(tmp_path / "to").documents[0].language is None


def test_texts_that_lay_there_before_stay_documents(box: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "old.md").write_text(f"---\nauthor: Ann\n---\n{ITALIAN}", "utf-8")
    (box / "new.txt").write_text(ENGLISH, "utf-8")
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    corpus = load_corpus(tmp_path / "to")
    assert corpus.problems == ()
    assert [(each.id, each.author) for each in corpus.documents] == [("new", None), ("old", "Ann")]


def test_sources_by_hand_stay_as_they_are(box: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "old.txt").write_text(ITALIAN, "utf-8")
    by_hand = '# mine\n[[document]]\nfile = "old.txt"\nauthor = "Ann \\"A\\" Roe"'  # no line end
    (tmp_path / "to" / "sources.toml").write_text(by_hand, "utf-8")
    (box / "new.txt").write_text(ENGLISH, "utf-8")
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    assert (tmp_path / "to" / "sources.toml").read_text("utf-8").startswith(by_hand + "\n")
    assert set(rows(tmp_path / "to")) == {"old.txt", "new.txt"}


def test_an_import_broken_off_is_taken_up_again(box: Path, tmp_path: Path) -> None:
    (box / "a.html").write_text(PAGE.format(charset="utf-8", text=ENGLISH, more=MORE), "utf-8")
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    (tmp_path / "to" / "sources.toml").write_text("", "utf-8")  # as if it had ended before this was written
    assert run(box, "--to", tmp_path / "to").exit_code == 0
    assert {path.name for path in (tmp_path / "to").iterdir()} == {"a.html", "a.txt", "sources.toml"}


@pytest.mark.parametrize(
    ("files", "error", "reason"),
    [
        ({"box/sources.toml": ""}, InputError, "is a corpus folder already"),
        ({"to/corpus.jsonl": ""}, InputError, "is a BEIR folder"),
        ({"to/sources.toml": "[[document"}, CorpusError, "sources.toml"),
        ({"to": "a file"}, InputError, "cannot be made: File exists"),
        (None, InputError, "no such file"),
    ],
)
def test_misuse(tmp_path: Path, files: dict[str, str] | None, error: type[Exception], reason: str) -> None:
    for name, content in (files or {}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    if files is not None:
        (tmp_path / "box").mkdir(exist_ok=True)
    with pytest.raises(error, match=reason):
        Import(tmp_path / "to").run(find_sources([tmp_path / "box"], tmp_path / "to"))
    result = run(tmp_path / "box", "--to", tmp_path / "to")
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_check_tells_of_originals_and_of_what_is_not_imported(box: Path, tmp_path: Path) -> None:
    (box / "a.html").write_text(PAGE.format(charset="utf-8", text=ENGLISH, more=MORE), "utf-8")
    (box / "b.pdf").write_bytes(pdf([[ITALIAN[:99]]]))
    to = tmp_path / "to"
    assert run(box, "--to", to).exit_code == 0
    check = ["check", "--corpus", str(to)]
    assert CliRunner().invoke(main, check).exit_code == 0
    (to / "a.html").write_text("other", "utf-8")
    (to / "b.pdf").unlink()
    (to / "c.pdf").write_bytes(b"%PDF")
    result = CliRunner().invoke(main, check)
    assert result.exit_code == 1
    assert f"{to / 'a.html'}: changed since a.txt was made from it" in result.stdout
    assert f"{to / 'b.pdf'}: the original of b.txt is not there" in result.stdout
    assert f"{to / 'c.pdf'}: read only through `qa import c.pdf --to FOLDER`" in result.stdout


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([["One."], ["Two."]]))
    told: list[str] = []
    list(Import(tmp_path / "to").run(find_sources([tmp_path / "a.pdf"], tmp_path / "to"), told.append))
    assert told == ["1/1 a.pdf", "1/1 a.pdf: page 1 of 2", "1/1 a.pdf: page 2 of 2"]


def test_fifty_mixed_files_are_imported_and_asked(box: Path, tmp_path: Path) -> None:
    """As a process of its own, from a folder with blanks in its name; then a question in the other language."""
    draw = random.Random(50)
    words = [f"parola{number}" for number in range(400)]
    for number in range(50):
        filler = " ".join(draw.choices(words, k=80)) + "."
        name = f"testo {number}"
        match number % 4:
            case 0:
                (box / f"{name}.txt").write_text(f"{ITALIAN} {filler}", "utf-8")
            case 1:
                (box / f"{name}.md").write_text(f"---\ntitle: Testo {number}\n---\n{ITALIAN} {filler}", "utf-8")
            case 2:
                page = PAGE.format(charset="utf-8", text=f"{ENGLISH} {filler}", more=MORE)
                (box / f"{name}.html").write_text(page, "utf-8")
            case _:
                lines = [filler[at : at + 90] for at in range(0, len(filler), 90)]
                (box / f"{name}.pdf").write_bytes(pdf([["The nerves and the pain of them."], lines]))
    to = tmp_path / "i miei testi"
    command = [sys.executable, "-m", "qa", "import", str(box), "--to", str(to)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert (done.returncode, done.stdout.split(",")[0]) == (0, f"50 documents imported into {to}")
    corpus = load_corpus(to)
    assert len(corpus.documents) == 50
    assert exact(corpus)
    answer = Answerer(corpus).ask("Che cosa aiuta contro i crampi della notte?")
    assert answer.passages[0].passage.language in ("it", "en")
    assert "cramp" in answer.passages[0].passage.text


def test_a_question_set_is_one_problem_and_no_name_is_too_strange_to_be_told(box: Path, tmp_path: Path) -> None:
    (box / "questions.jsonl").write_text('{"id": "q-1", "question": "?"}\n' * 50, "utf-8")
    strange = os.fsencode(box) + b"/caf\xe9.txt"  # Latin-1 in the name, as old archives have it
    Path(os.fsdecode(strange)).write_text(ENGLISH, "utf-8")
    result = run(box, "--to", tmp_path / "to")
    assert "1 document imported" in result.stdout
    assert "1 not" in result.stdout
    assert [document.file for document in load_corpus(tmp_path / "to").documents] == ["caf-.txt"]
