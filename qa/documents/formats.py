"""Files to stored text: one reader for each ending. The stored text of .txt and .md is the file itself, decoded."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from qa.documents.front_matter import front_matter
from qa.documents.metadata import known_fields

MOST_BYTES = 20_000_000


class FileProblem(Exception):  # noqa: N818 - a finding about a file, not an error of the program
    """Why one file cannot be a document; the corpus leaves it out and says so."""


@dataclass(frozen=True)
class Content:
    """The stored text of a file and what the file itself tells about it (title, author, …).

    `body`: offset where the text proper begins; front matter stands before it. `notes`: what a reader should know
    of how the text was made.
    """

    text: str
    metadata: dict[str, str] = field(default_factory=dict)
    body: int = 0
    notes: tuple[str, ...] = ()


def read_document(path: Path, within: Path | None = None) -> Content:
    """Reads one file by its ending; raises FileProblem with the reason when it is no usable text, or lies elsewhere."""
    content = READERS[path.suffix.lower()](read_bytes(path, within=within))
    if not content.text[content.body :].strip("\ufeff \t\r\n\f"):
        raise FileProblem("empty")
    return content


def read_bytes(path: Path, most: int = MOST_BYTES, within: Path | None = None) -> bytes:
    """The file's bytes; raises FileProblem when it cannot be read, has more than `most`, or changes meanwhile.

    `within`: a folder that the file must lie in, wherever links lead. What was opened is asked, so that no link that is
    set between a look and the reading leads out of it.
    """
    try:
        with open(path, "rb", opener=_at_once) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise FileProblem("is no file that can be read to its end")
            if within is not None:
                _check_place(path, before, within)
            data = file.read(before.st_size + 1) if before.st_size <= most else b""  # never more, however fast it grows
            after = os.fstat(file.fileno())
    except OSError as problem:
        raise FileProblem(f"cannot be read: {problem.strerror}") from problem
    if after.st_size > most or len(data) > most:
        size = max(after.st_size, len(data))
        raise FileProblem(f"{size:,} bytes, more than the {most:,} that a document may have")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise FileProblem("changed while it was read")
    return data


def _at_once(path: str, flags: int) -> int:
    """Opens a file without waiting: for a pipe that nobody writes into, that would be for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_place(path: Path, opened: os.stat_result, folder: Path) -> None:
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise FileProblem("a link out of the corpus folder")
    if not os.path.samestat(opened, real.stat()):
        raise FileProblem("changed while it was read")


def _plain(data: bytes) -> Content:
    if b"\0" in data:
        raise FileProblem("a binary file, no text")
    try:
        return Content(data.decode("utf-8"))  # decoded from bytes: read_text would fold CRLF and shift offsets
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise FileProblem(f"not UTF-8 (byte 0x{data[problem.start]:02x} in line {line}); save it as UTF-8") from problem


def _markdown(data: bytes) -> Content:
    content = _plain(data)
    head = front_matter(content.text)
    return Content(content.text, known_fields(head.fields), head.end) if head else content


IMPORTED = (".html", ".htm", ".xhtml", ".pdf")
"""Endings of files that are turned into text by `qa import`, and are no documents themselves."""

READERS: dict[str, Callable[[bytes], Content]] = {".txt": _plain, ".md": _markdown}
