"""What the documents say is so: links lead somewhere, commands and paths exist, examples print what is told below them.

A transcript is a fenced block `console`: a command after `$`, its output under it. A command with output is run, in the
order of the document and in one folder of its own; files that the document asks for are blocks with a path behind the
language's name. `[…]` stands for what is left out: within a line for any words, alone on one for any lines.
"""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.documents.corpus import load_corpus

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/*.md", "corpus/*.md", ".github/**/*.md") for path in ROOT.glob(pattern)
)
_FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OURS = re.compile(r"^(?:\.github|qa|web|tests|docs|corpus|deploy)/[\w./-]+(?:::\w+)?$")
_SIGNS = re.compile(r"[^\w\- ]")

by_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
)


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [body for name, _, body in _FENCE.findall(document.read_text("utf-8")) if name == language]


def commands(document: Path) -> Iterator[list[str]]:
    """Every `qa …`, `make …` and `python -m …` that a document names, in words; assignments in front of it dropped."""
    text = document.read_text("utf-8")
    listed = _INLINE.findall(_FENCE.sub("", text))
    for name, _, body in _FENCE.findall(text):
        if name in ("console", "sh", "bash"):
            listed += [line.removeprefix("$ ") for line in body.split("\n")]
    for line in listed:
        try:
            said = shlex.split(line, comments=True)
        except ValueError:
            continue
        while said and re.fullmatch(r"[A-Z_]+=\S*", said[0]):
            said = said[1:]
        said = said[: next((at for at, word in enumerate(said) if word in ("|", ">", "&&")), len(said))]
        if said and (Path(said[0]).name in ("qa", "make") or said[:2] == ["python", "-m"]):
            yield [Path(said[0]).name, *said[1:]]


def anchors(document: Path) -> set[str]:
    """What a link may name behind `#`: the headings as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", document.read_text("utf-8")), re.MULTILINE)
    return {_SIGNS.sub("", heading.lower()).replace(" ", "-") for heading in headings}


def unknown(said: list[str]) -> str | None:
    """What is wrong with a command; None when there is such a one."""
    if said[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        wrong = [word for word in said[1:] if "=" not in word and word not in targets]
        return f"make has no target {wrong[0]}" if wrong else None
    if said[0] == "python":
        return None if importlib.util.find_spec(said[2]) else f"no module {said[2]}"
    found: click.Command = main
    for word in said[1:]:
        if word.startswith("-"):
            options = {name for each in found.params for name in (*each.opts, *each.secondary_opts)}
            if word.partition("=")[0] not in {*options, "--help", "-h", "--version"}:
                return f"{found.name} has no option {word}"
        elif isinstance(found, click.Group) and re.fullmatch(r"[a-z]+", word):
            if word not in found.commands:
                return f"{found.name} has no command {word}"
            found = found.commands[word]
    return None


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("qa evaluate --misses x.jsonl", None),
        ("qa questions add --corpus my-texts", None),
        ("qa evaluate --guess", "evaluate has no option --guess"),
        ("qa guess", "main has no command guess"),
        ("make serve ARGS=--help", None),
        ("make coffee", "make has no target coffee"),
        ("python -m qa.evidence.training x", None),
        ("python -m qa.evidence.guessing", "no module qa.evidence.guessing"),
    ],
)
def test_an_unknown_command_is_noticed(command: str, wrong: str | None) -> None:
    assert unknown(command.split()) == wrong


def test_the_documents_are_there() -> None:
    named = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert {
        "README.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "corpus/README.md",
        "docs/tutorial.md",
    } <= named


def test_the_readme_can_be_read_at_once() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").split("\n")) < 150


@by_document
def test_links_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", document.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), f"{link}: no such file"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


@by_document
def test_commands_exist(document: Path) -> None:
    assert [problem for said in commands(document) if (problem := unknown(said))] == []


@by_document
def test_files_and_tests_that_are_named_exist(document: Path) -> None:
    for said in _INLINE.findall(_FENCE.sub("", document.read_text("utf-8"))):
        if not _OURS.match(said):
            continue
        path, _, test = said.partition("::")
        assert (ROOT / path).exists(), f"{path}: no such file"
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), f"{said}: no such test"


def expected(told: str) -> re.Pattern[str]:
    """What an output must be: word for word but for `[…]`, and for no-break spaces, which an editor may lose."""
    written = {"[…]": ".*", " ": "[ \u00a0]"}
    lines = []
    for line in told.splitlines(keepends=True):
        parts = re.split(r"(\[…\]| )", line)
        lines.append(
            r"(?:.*\n)*?" if line == "[…]\n" else "".join(written.get(each, re.escape(each)) for each in parts)
        )
    return re.compile("".join(lines))


@pytest.mark.parametrize(
    ("told", "printed", "fits"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n[…]\n", "one\ntwo\nthree\n", True),
        ("one […] two\n", "one and two\n", True),
        ("one two\n", "one\u00a0two\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one […] two\n", "one\nand two\n", False),
        ("o.e\n", "one\n", False),
    ],
)
def test_an_output_must_be_the_one_told(told: str, printed: str, fits: bool) -> None:
    assert bool(expected(told).fullmatch(printed)) is fits


@by_document
def test_transcripts_are_real(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _, name, body in _FENCE.findall(document.read_text("utf-8")):
        if name:
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, "utf-8")
    monkeypatch.chdir(tmp_path)
    for body in blocks(document, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            line, _, told = part.partition("\n")
            said = shlex.split(line)
            settings = dict(word.split("=", 1) for word in said if re.fullmatch(r"QA_[A-Z]+=\S*", word))
            said = said[len(settings) :]
            if not told.strip() or said[0] != "qa":
                continue
            done = CliRunner().invoke(main, said[1:], env=settings)
            assert done.exit_code == 0, f"{line}: {done.output}"
            assert expected(told.rstrip("\n") + "\n").fullmatch(done.output.rstrip("\n") + "\n"), (
                f"{line}\n{done.output}"
            )


def test_the_readmes_python_prints_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"^```python\n(.*?)^```\n+```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found
    monkeypatch.chdir(ROOT)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(found[1], {})
    assert printed.getvalue() == found[2]


def test_the_checksums_of_the_texts_are_right() -> None:
    told = re.findall(r"^([0-9a-f]{64})  (\S+)$", (ROOT / "corpus" / "README.md").read_text("utf-8"), re.MULTILINE)
    documents = load_corpus(ROOT / "corpus").documents
    assert sorted(told) == sorted((document.sha256, document.file) for document in documents)
