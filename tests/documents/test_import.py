"""A run of `qa import` as people start it: mixed files into a corpus folder that is then read, split and asked."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.answering.answerer import Answerer
from qa.cli import main
from qa.documents.corpus import load_corpus
from qa.documents.importing import Import, find_sources
from qa.errors import CorpusError, InputError
from tests.documents.importing import ENGLISH, ITALIAN, MORE, PAGE, exact, rows, run
from tests.documents.pdfs import pdf

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
