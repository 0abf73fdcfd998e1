"""Files to stored text: one reader for each ending. The stored text of .txt and .md is the file itself, decoded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 20_000_000


class FileProblem(Exception):
    """Why one file cannot be a document; the corpus leaves it out and says so."""


@dataclass(frozen=True)
class Content:
    """The stored text of a file and what the file itself tells about it (title, author, …)."""

    text: str
    metadata: dict[str, str] = field(default_factory=dict)


def read_document(path: Path) -> Content:
    """Reads one file by its ending; raises FileProblem with the reason when it is no usable text."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileProblem(f"{size:,} bytes, more than the {MOST_BYTES:,} that a document may have")
        data = path.read_bytes()
    except OSError as problem:
        raise FileProblem(f"cannot be read: {problem.strerror}") from problem
    content = READERS[path.suffix.lower()](data)
    if not content.text.strip("\ufeff \t\r\n"):
        raise FileProblem("empty")
    return content


def _plain(data: bytes) -> Content:
    if b"\0" in data:
        raise FileProblem("a binary file, no text")
    try:
        return Content(data.decode("utf-8"))  # decoded from bytes: read_text would fold CRLF and shift offsets
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise FileProblem(f"not UTF-8 (byte 0x{data[problem.start]:02x} in line {line}); save it as UTF-8") from problem


READERS: dict[str, Callable[[bytes], Content]] = {".txt": _plain, ".md": _plain}
