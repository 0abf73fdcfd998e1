"""A corpus folder (or a BEIR folder) to documents, read strictly: what is wrong is named by file, line and value."""

import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from qa.cache import digest, in_use, knowledge, packed, unpacked
from qa.documents.formats import IMPORTED, READERS, FileProblem, read_bytes, read_document
from qa.errors import CorpusError
from qa.language.detection import detect
from qa.language.registry import FOUND, LANGUAGES

KINDS = ("article", "advertorial", "blog", "clinic", "shop", "press", "guideline", "other")
_FIELDS = {"file", "language", "title", "author", "published", "url", "kind", "note", "original", "original_sha256"}
_TITLE_WORDS = 15


@dataclass(frozen=True)
class Document:
    """One text of a corpus as stored. `text` is the file decoded as UTF-8, offsets count its code points.

    `whole`: the document is one passage, never split (a row of a BEIR corpus).
    `language` is None where the text is in none of the known languages.
    `body`: offset where the text proper begins; front matter stands before it.
    `original`: the file beside it that it was made from, with the SHA-256 that this file had.
    """

    id: str
    file: str
    text: str = field(repr=False)
    language: str | None
    title: str
    author: str | None = None
    published: str | None = None
    url: str | None = None
    kind: str = "other"
    note: str | None = None
    whole: bool = False
    titled: bool = True
    body: int = 0
    original: str | None = None
    original_sha256: str | None = None

    @cached_property
    def sha256(self) -> str:
        """Checksum of the stored text, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def words(self) -> int:
        """How many words the stored text has."""
        return len(self.text.split())


@dataclass(frozen=True)
class Problem:
    """Something wrong in a corpus folder. `fatal` problems stop `load_corpus`; others leave one file out: `file`."""

    message: str
    fatal: bool = False
    file: str | None = None


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
        for document in self.documents:
            facts = [document.id, document.sha256, document.language, document.title, document.author]
            facts += [document.published, document.url, document.kind]
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
            return Corpus(path, tuple(_beir_documents(path / "corpus.jsonl")))
        return _read_folder(path)
    except CorpusError as problem:
        return Corpus(path, (), (Problem(str(problem), fatal=True),))
    except OSError as problem:
        return Corpus(path, (), (Problem(f"{path}: cannot be read: {problem.strerror}", fatal=True),))
    except RecursionError:
        return Corpus(path, (), (Problem(f"{path}: its folders are nested too deep", fatal=True),))


def _read_folder(path: Path) -> Corpus:
    problems: list[Problem] = []
    sources = _read_sources(path / "sources.toml", problems)
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


@dataclass(frozen=True)
class _Sources:
    """The tables of sources.toml that are right, and every file that any table names."""

    rows: list[dict[str, Any]]
    named: set[str]


def _read_sources(path: Path, problems: list[Problem]) -> _Sources | None:
    """What sources.toml tells; None where the file does not exist. Wrong tables become problems."""
    if not path.exists():
        return None
    try:
        table = tomllib.loads(read_bytes(path, within=path.parent).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, FileProblem) as problem:
        raise CorpusError(f"{path}: {problem}") from problem
    except RecursionError:
        raise CorpusError(f"{path}: nested too deep") from None
    for key in table:
        if key != "document":
            problems.append(Problem(f"{path}: unknown table {key!r}, expected [[document]]", fatal=True))
    documents = table.get("document", [])
    if not isinstance(documents, list):
        raise CorpusError(f"{path}: 'document' must be written [[document]], a list of tables")
    rows: list[dict[str, Any]] = []
    named: set[str] = set()
    for number, row in enumerate(documents, 1):
        wrong = list(_row_problems(row))
        file = row.get("file") if isinstance(row, dict) else None
        if isinstance(file, str) and file in named:
            wrong.append(f"file {file!r} is named twice")
        if isinstance(file, str):
            named.add(file)
        problems += [Problem(f"{path}: document {number}: {message}", fatal=True) for message in wrong]
        if not wrong:
            rows.append({key: str(value) for key, value in row.items() if value != ""})
    return _Sources(rows, named)


def _row_problems(row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{repr(row)[:80]} is no table"
        return
    if not isinstance(row.get("file"), str) or not row["file"]:
        yield "'file' is missing"
    for key, value in row.items():
        if key not in _FIELDS:
            yield f"unknown field {key!r}, known are {', '.join(sorted(_FIELDS))}"
        elif key != "published" and not isinstance(value, str):
            yield f"{key} {value!r} is not a text"
    for key, known in (("language", tuple(LANGUAGES)), ("kind", KINDS)):
        value = row.get(key)
        if isinstance(value, str) and value not in known and (value or key == "kind"):
            further = f"; the setting `languages = {value}` adds it" if key == "language" and value in FOUND else ""
            yield f"{key} {value!r} is not one of {', '.join(known)}{further}"
    published = str(row.get("published", ""))
    if published and not _is_date(published):
        yield f"published {published!r} is not a date like 2019-03-19, 2019-03 or 2019"


def _is_date(text: str) -> bool:
    """A year, a month of a year, or a day that the calendar has."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return False
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _beir_documents(path: Path) -> Iterator[Document]:
    seen: set[str] = set()
    try:
        content = read_bytes(path, sys.maxsize - 1, within=path.parent)
    except FileProblem as problem:
        raise CorpusError(f"{path}: {problem}") from problem
    detected = _Detected(content)
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        row = _beir_row(line, f"{path}:{number}")
        identifier, title, text = str(row["_id"]), row.get("title") or "", row["text"]
        if identifier in seen:
            raise CorpusError(f"{path}:{number}: _id {identifier!r} stands twice")
        seen.add(identifier)
        metadata = row.get("metadata") or {}
        stated = metadata.get("lang") or metadata.get("language") or row.get("lang")
        language = stated or detected.language(number, text)
        yield Document(
            id=identifier,
            file=path.name,
            text=text,
            language=language if isinstance(language, str) and language in LANGUAGES else None,
            title=title or identifier,
            whole=True,
            titled=bool(title),
        )
    detected.keep()


def _beir_row(line: bytes, where: str) -> dict[str, Any]:
    """A row whose fields are of the types that BEIR gives them; raises CorpusError for any other."""
    try:
        row = json.loads(line.decode("utf-8"))
        if not isinstance(row["_id"], str | int):
            raise TypeError("_id is no text")
        if not isinstance(row["text"], str) or not isinstance(row.get("title") or "", str):
            raise TypeError("text or title is no text")
        if not isinstance(row.get("metadata") or {}, dict):
            raise TypeError("metadata is no object")
        row["text"].encode("utf-8")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        reason = str(problem) if isinstance(problem, UnicodeError) else repr(problem)  # whose repr is the whole row
        raise CorpusError(f"{where}: not a row with _id and text: {reason}") from problem
    return dict(row)


class _Detected:
    """The languages of a file's rows: telling them takes longer than all else in reading it, so they are kept."""

    def __init__(self, content: bytes) -> None:
        self._key = digest([knowledge(), content])
        found = in_use().read("languages", self._key)
        self._known: dict[int, str | None] = unpacked(found["rows"]) if found else {}
        self._new: dict[int, str | None] = {}

    def language(self, number: int, text: str) -> str | None:
        """The language of the text in a row."""
        if number in self._known:
            return self._known[number]
        return self._new.setdefault(number, detect(text))

    def keep(self) -> None:
        """Keeps what was not known yet."""
        if self._new:
            in_use().write("languages", self._key, {"rows": packed(self._known | self._new)})
