"""Files from outside into a corpus folder: converted, named, compared with what is there, and written down.

The order for each document is original, text, sources.toml: an import that is broken off leaves files that the next
one takes up again, and never a document without its source.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.documents.conversion import MOST_PDF_BYTES, Converter
from qa.documents.corpus import read_corpus
from qa.documents.document import Document
from qa.documents.encodings import decode
from qa.documents.formats import IMPORTED, MOST_BYTES, READERS, Content, FileProblem, read_bytes
from qa.documents.front_matter import front_matter
from qa.documents.metadata import known_fields
from qa.documents.near_duplicates import NearDuplicates, same_text
from qa.documents.sources import append_tables
from qa.errors import CorpusError, InputError
from qa.language.detection import detect

ROWS = ".jsonl"
ENDINGS = (*READERS, ".markdown", *IMPORTED, ROWS)
Progress = Callable[[str], None]
_SKIPPED = re.compile(r"(?i)(readme.*|sources\.toml|\..*)$")  # in a folder: what is about the texts, and hidden files
_KEPT_ASIDE = ".original"  # so that no reader of the folder takes the original for a document


@dataclass(frozen=True)
class Outcome:
    """What became of one file, or of one row of a .jsonl file: in, there already, or not in and why."""

    source: str
    stored: str | None = None
    same_as: str | None = None
    problem: str | None = None
    notices: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file to import, and the name it shall have in the corpus: its path below the folder that was given."""

    path: Path
    name: str


def find_sources(paths: Sequence[Path], target: Path) -> list[Source]:
    """The files, and those in the folders, in order; raises InputError for what is not there or a corpus already."""
    found: list[Source] = []
    for path in paths:
        try:
            there = path.exists()
        except OSError as problem:
            raise InputError(f"{_shown(path)}: cannot be read: {problem.strerror}") from problem
        if not there:
            raise InputError(f"{_shown(path)}: no such file")
        if not path.is_dir():
            found.append(Source(path, path.name))
            continue
        if (path / "sources.toml").is_file():
            raise InputError(f"{path}: is a corpus folder already; use it with --corpus {path}")
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path)
            hidden = any(_SKIPPED.match(part) for part in name.parts)
            if file.is_file() and not hidden and not file.resolve().is_relative_to(target.resolve()):
                found.append(Source(file, name.as_posix()))
    return found


class Import:
    """One import into one folder, which is made where it is not there."""

    def __init__(self, folder: Path) -> None:
        """Raises CorpusError when the folder is a broken corpus, InputError when it can take no texts."""
        if (folder / "corpus.jsonl").exists():
            raise InputError(f"{folder}: is a BEIR folder, which takes no single texts; choose another")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise InputError(f"{folder}: cannot be made: {problem.strerror}") from problem
        corpus = read_corpus(folder)
        if fatal := [problem.message for problem in corpus.problems if problem.fatal]:
            raise CorpusError("; ".join(fatal))
        self._folder = folder
        self._taken = {document.id.casefold() for document in corpus.documents}
        self._texts = {_digest(document.text[document.body :]): document.file for document in corpus.documents}
        self._near = NearDuplicates()
        for document in corpus.documents:
            self._near.add(document.file, document.text[document.body :])
        if corpus.documents and not (folder / "sources.toml").exists():
            append_tables(folder / "sources.toml", [_told(document) for document in corpus.documents])

    def run(self, sources: Sequence[Source], progress: Progress = lambda told: None) -> Iterator[Outcome]:
        """Imports one after the other and tells what became of each; no file stops the rest."""
        with Converter() as converter:
            for number, source in enumerate(sources, 1):
                head = f"{number}/{len(sources)} {_shown(Path(source.path.name))}"
                progress(head)
                try:
                    yield from self._one(source, converter, _headed(progress, head))
                except FileProblem as problem:
                    yield Outcome(_shown(source.path), problem=str(problem))
                except OSError as problem:
                    yield Outcome(_shown(source.path), problem=f"cannot be stored: {problem.strerror}")

    def _one(self, source: Source, converter: Converter, progress: Progress) -> Iterator[Outcome]:
        ending = source.path.suffix.lower()
        if ending not in ENDINGS:
            raise FileProblem(f"ending {ending!r}: read are {', '.join(ENDINGS)}")
        if not source.path.is_file():
            raise FileProblem("no regular file")
        if ending == ROWS:
            yield from self._rows(source, progress)
            return
        data = read_bytes(source.path, MOST_PDF_BYTES if ending == ".pdf" else MOST_BYTES)
        if not data.strip():
            raise FileProblem("empty")
        content = converter.convert(source.path, progress) if ending in IMPORTED else _text(data, ending)
        yield self._stored(_shown(source.path), source.name, content, _Original(source.name, data))

    def _rows(self, source: Source, progress: Progress) -> Iterator[Outcome]:
        """A BEIR corpus: a document a row, their original the file."""
        data = read_bytes(source.path, MOST_PDF_BYTES)
        lines = data.split(b"\n")
        if not data.strip():
            raise FileProblem("empty")
        original = _Original(source.name, data)
        _row(next(line for line in lines if line.strip()))  # where the first is no row, the file is something else
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            if number % 100 == 0:
                progress(f"row {number} of {len(lines)}")
            where = f"{_shown(source.path)}:{number}"
            try:
                identifier, content = _row(line)
                name = f"{source.name.rsplit('.', 1)[0]}/{identifier}.txt"
                yield self._stored(where, name, content, original)
            except FileProblem as problem:
                yield Outcome(where, problem=str(problem))

    def _stored(self, source: str, name: str, content: Content, original: "_Original") -> Outcome:
        body = content.text[content.body :]
        if not body.strip("\ufeff \t\r\n\f"):
            raise FileProblem("empty")
        text = content.text.encode("utf-8")
        if len(text) > MOST_BYTES:
            raise FileProblem(f"{len(text):,} bytes of text, more than the {MOST_BYTES:,} that a document may have")
        digest = _digest(body)
        if digest in self._texts:
            return Outcome(source, same_as=self._texts[digest])
        ending = ".md" if name.lower().endswith((".md", ".markdown")) else ".txt"
        file = self._free(_safe(name), ending, text)
        kept = file if text == original.data else self._keep(original, file)
        self._write(file, text)
        language = content.metadata.get("language") or detect(body)
        row = {**content.metadata, "file": file, "language": language or "", "note": "; ".join(content.notes)}
        row |= {"original": kept, "original_sha256": original.sha256}
        append_tables(self._folder / "sources.toml", [row])
        self._taken.add(file.rsplit(".", 1)[0].casefold())
        self._texts[digest] = file
        near = [f"nearly the same text as {each.first} ({each.share:.0%})" for each in self._near.add(file, body)]
        notices = [*near, *(note for note in content.notes if not re.fullmatch(r"[\d,]+ pages?", note))]
        if language is None:
            notices.append("in no language that Fonte knows: it is found by its own words, without caveats")
        unknown = tuple(field for field in ("title", "author", "published", "url") if not row.get(field))
        return Outcome(source, stored=file, notices=tuple(notices), unknown=unknown)

    def _free(self, name: str, ending: str, text: bytes) -> str:
        """A name that no other document has; a file that an import broken off left is taken up again."""
        stem = name.rsplit(".", 1)[0]
        number = 1
        while True:
            free = stem if number == 1 else f"{stem}-{number}"
            path = self._folder / f"{free}{ending}"
            if free.casefold() not in self._taken and (not path.exists() or path.read_bytes() == text):
                return f"{free}{ending}"
            number += 1

    def _keep(self, original: "_Original", file: str) -> str:
        """Stores an original beside the text made from it and gives its name; one of many texts is stored once."""
        if original.kept:
            return original.kept
        suffix = Path(original.name).suffix.lower()
        stem = _safe(original.name).rsplit(".", 1)[0] if suffix == ROWS else file.rsplit(".", 1)[0]
        ending = suffix if suffix in IMPORTED else f"{suffix}{_KEPT_ASIDE}"
        number = 1
        while True:
            name = f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}"
            path = self._folder / name
            if not path.exists():
                self._write(name, original.data)
                break
            if path.stat().st_size == len(original.data) and path.read_bytes() == original.data:
                break
            number += 1
        original.kept = name
        return name

    def _write(self, name: str, data: bytes) -> None:
        """Never half a file under its own name."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{hashlib.sha256(path.name.encode()).hexdigest()[:16]}.part")
        aside.write_bytes(data)
        aside.replace(path)


def _shown(path: Path) -> str:
    """The path for people: a name that is no UTF-8 cannot be printed as it is."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


class _Original:
    """The bytes that came, their checksum, and the name that they are kept under once they are."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.kept: str | None = None


def _headed(progress: Progress, head: str) -> Progress:
    return lambda told: progress(f"{head}: {told}")


def _told(document: Document) -> Mapping[str, str]:
    """The table of a document that lay in the folder before there was a sources.toml."""
    known = {
        "file": document.file,
        "language": document.language,
        "author": document.author,
        "url": document.url,
    }
    known |= {"published": document.published, "title": document.title if document.titled else None}
    return {field: value for field, value in known.items() if value}


def _text(data: bytes, ending: str) -> Content:
    text, encoding = decode(data)
    if not encoding.startswith("utf-8"):
        content = Content(text, notes=(f"was in {encoding}, stored in UTF-8",))
    else:
        content = Content(data.decode("utf-8"))  # its mark stays: the stored text is the file, byte for byte
    head = front_matter(content.text) if ending != ".txt" else None
    return replace(content, metadata=known_fields(head.fields), body=head.end) if head else content


def _row(line: bytes) -> tuple[str, Content]:
    """Id and text of a row of a BEIR corpus."""
    try:
        row = json.loads(line.decode("utf-8"))
        identifier, text = row["_id"], row["text"]
        if not isinstance(identifier, str | int) or not isinstance(text, str):
            raise TypeError("_id or text of another type")
        text.encode("utf-8")
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise FileProblem(f"not a row with _id and text ({type(problem).__name__}: {str(problem)[:80]})") from problem
    told = {**row, **(row["metadata"] if isinstance(row.get("metadata"), dict) else {})}
    return str(identifier), Content(text, known_fields({k: v for k, v in told.items() if isinstance(v, str)}))


def _safe(name: str) -> str:
    """A name for any system and for a web address: accents, blanks and emoji stay, what means something there goes."""
    parts = []
    for part in unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8")).split("/"):
        clean = re.sub(r"""[\x00-\x1f\x7f\\:*?"<>|#%\u2028\u2029\u202a-\u202e\u2066-\u2069]""", "-", part).strip(". ")
        if len(clean.encode("utf-8")) > 150:
            stem, dot, ending = clean.rpartition(".")
            short = (stem or clean).encode("utf-8")[:140].decode("utf-8", "ignore").rstrip()
            clean = f"{short}{dot}{ending[:8]}" if dot else short
        parts.append(clean or "text")
    if parts[-1].upper().startswith("README"):
        parts[-1] = f"text-{parts[-1]}"
    return "/".join(parts)


def _digest(text: str) -> str:
    return hashlib.sha256(same_text(text).encode("utf-8", "surrogatepass")).hexdigest()
