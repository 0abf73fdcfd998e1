"""Bytes to text where nobody says which encoding they are in; what is no text is refused."""

import codecs
import re

from qa.documents.formats import FileProblem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_FOREIGN = 0.3  # of the letters; Western texts have fewer letters beyond ASCII, another alphabet has only such
_LATIN = ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii")


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """(text, name of the encoding); raises FileProblem for binary files and encodings that cannot be told."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name), name
    for name in filter(None, ("utf-8", declared)):
        if name.lower() not in _LATIN and (text := _decoded(data, name)) is not None:
            return _checked(text), name
    text = _decoded(data, "cp1252") or data.decode("latin-1")
    letters = [c for c in _checked(text) if c.isalpha()]
    if sum(c > "\x7f" for c in letters) > _MOST_FOREIGN * len(letters):
        raise FileProblem("in an encoding that cannot be told; save it as UTF-8")
    return text, "Windows-1252 (Latin-1)"


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as problem:
        raise FileProblem(f"says that it is {name}, and is not (byte {problem.start})") from problem


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _checked(text: str) -> str:
    if _CONTROL.search(text):
        raise FileProblem("a binary file, no text")
    return text
