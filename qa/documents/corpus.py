"""A corpus folder (or a BEIR folder) to documents, read strictly: what is wrong is named by file, line and value."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from qa.documents.beir import beir_documents
from qa.documents.document import Document, Problem
from qa.documents.formats import IMPORTED, READERS, FileProblem, read_bytes, read_document
from qa.documents.sources import read_sources
from qa.errors import CorpusError
from qa.language.detection import detect

_TITLE_WORDS = 15
_TELLING = ("id", "sha256", "language", "title", "author", "published", "url", "kind")  # what answers depend on
_AT_ONCE = 1_000  # documents whose facts are written at a time: quicker than one by one


@dataclass(frozen=True)
class Corpus:
    """The documents of a folder, in the order of their ids, and what was wrong with the rest."""

    path: Path
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def questions(self) -> str:
        """The folder's `questions.jsonl` as it is; empty where there is none that can be read."""
        try:
            return read_bytes(self.path / "questions.jsonl", within=self.path).decode("utf-8")
        except (FileProblem, UnicodeDecodeError):
            return ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over ids, texts and what is known of each document: the same digest, the same answers."""
        digest = hashlib.sha256()
        for at in range(0, len(self.documents), _AT_ONCE):
            facts = [[getattr(each, name) for name in _TELLING] for each in self.documents[at : at + _AT_ONCE]]
            digest.update(json.dumps(facts).encode("utf-8"))
        return digest.hexdigest()


def load_corpus(path: str | Path) -> Corpus:
    """Reads a corpus folder or a BEIR folder; raises CorpusError when it holds nothing usable or a fatal problem."""
    corpus = read_corpus(Path(path))
    fatal = [problem.message for problem in corpus.problems if problem.fatal]
    if fatal:
        raise CorpusError("; ".join(fatal))
    if not corpus.documents:
        reasons = "".join(f"; {problem.message}" for problem in corpus.problems)
        raise CorpusError(f"{path}: no document in this folder{reasons}")
    return corpus


def read_corpus(path: Path) -> Corpus:
    """The same without raising for what is wrong inside: `qa check` lists the problems, all of them."""
    if not path.exists():
        return Corpus(path, (), (Problem(f"{path}: no such folder", fatal=True),))
    if not path.is_dir():
        return Corpus(path, (), (Problem(f"{path}: is not a folder", fatal=True),))
    try:
        if (path / "corpus.jsonl").is_file():
            return Corpus(path, tuple(beir_documents(path / "corpus.jsonl")))
        return _read_folder(path)
    except CorpusError as problem:
        return Corpus(path, (), (Problem(str(problem), fatal=True),))
    except OSError as problem:
        return Corpus(path, (), (Problem(f"{path}: cannot be read: {problem.strerror}", fatal=True),))
    except RecursionError:
        return Corpus(path, (), (Problem(f"{path}: its folders are nested too deep", fatal=True),))


def _read_folder(path: Path) -> Corpus:
    problems: list[Problem] = []
    sources = read_sources(path / "sources.toml", problems)
    every = _every_file(path, problems)
    files = {file.relative_to(path).as_posix(): file for file in _text_files(path, every, problems)}
    if sources is None:
        rows = [{"file": name} for name in files]
    else:
        rows = sources.rows
        problems += [
            Problem(f"{path / name}: not named in sources.toml, left out")
            for name in files
            if name not in sources.named
        ]
    documents: dict[str, Document] = {}
    for row in rows:
        name = row["file"]
        if name not in files:
            if not any(str(path / name) in problem.message for problem in problems):
                problems.append(Problem(f"{path / 'sources.toml'}: file {name!r} is not there", file=name))
            continue
        identifier = name.rsplit(".", 1)[0]
        if identifier in documents:
            first = documents[identifier].file
            problems.append(Problem(f"{path / name}: same document id {identifier!r} as {first}", fatal=True))
            continue
        try:
            documents[identifier] = _document(path, identifier, files[name], row)
        except FileProblem as problem:
            problems.append(Problem(f"{path / name}: {problem}, left out", file=name))
    problems += _not_imported(path, every, {row.get("original") for row in rows})
    ordered = tuple(documents[identifier] for identifier in sorted(documents))
    return Corpus(path, ordered, tuple(problems))


def _every_file(path: Path, problems: list[Problem]) -> list[Path]:
    """All files below the folder in order; links to folders are not followed."""

    def unread(problem: OSError) -> None:
        problems.append(Problem(f"{problem.filename}: cannot be read: {problem.strerror}, left out"))

    found: list[Path] = []
    for folder, inner, names in os.walk(path, onerror=unread):
        found += [Path(folder, name) for name in names]
        links = [Path(folder, name) for name in sorted(inner) if Path(folder, name).is_symlink()]
        problems += [Problem(f"{link}: a link to a folder, left out") for link in links]
    return sorted(found)


def _text_files(path: Path, every: list[Path], problems: list[Problem]) -> Iterator[Path]:
    root = path.resolve()
    for file in every:
        if file.suffix.lower() not in READERS or not file.is_file() or file.name.upper().startswith("README"):
            continue
        if not file.resolve().is_relative_to(root):
            name = file.relative_to(path).as_posix()
            problems.append(Problem(f"{file}: a link out of the corpus folder, left out", file=name))
            continue
        yield file


def _not_imported(path: Path, every: list[Path], originals: set[str | None]) -> Iterator[Problem]:
    """What lies in the folder, could be a document, and is none yet."""
    for file in every:
        name = file.relative_to(path).as_posix()
        if file.suffix.lower() in IMPORTED and name not in originals:
            yield Problem(f"{file}: read only through `qa import {name} --to FOLDER`, left out")


def _document(folder: Path, identifier: str, file: Path, row: dict[str, Any]) -> Document:
    content = read_document(file, within=folder)
    body = content.text[content.body :]
    known = {**content.metadata, **{key: value for key, value in row.items() if key != "file"}}
    first = next((line.strip("\ufeff \t\r\f#") for line in body.split("\n") if line.strip("\ufeff \t\r\f#")), "")
    title = known.get("title")
    untitled = title is None and not 0 < len(first.split()) <= _TITLE_WORDS
    language = known.get("language") or detect(body)
    return Document(
        id=identifier,
        file=row["file"],
        text=content.text,
        language=language,
        title=title or (file.stem if untitled else first),
        author=known.get("author"),
        published=known.get("published"),
        url=known.get("url"),
        kind=known.get("kind", "other"),
        note=known.get("note"),
        titled=not untitled,
        body=content.body,
        original=known.get("original"),
        original_sha256=known.get("original_sha256"),
    )
