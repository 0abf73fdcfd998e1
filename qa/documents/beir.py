"""The documents of a BEIR folder: each row of its corpus.jsonl is one, and is never split."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.cache import digest, in_use, knowledge, packed, unpacked
from qa.documents.document import Document
from qa.documents.formats import FileProblem, read_bytes
from qa.errors import CorpusError
from qa.language.detection import detect
from qa.language.registry import LANGUAGES


def beir_documents(path: Path) -> Iterator[Document]:
    """A document for each row of this corpus.jsonl; raises CorpusError naming the line that is not one."""
    seen: set[str] = set()
    try:
        content = read_bytes(path, sys.maxsize - 1, within=path.parent)
    except FileProblem as problem:
        raise CorpusError(f"{path}: {problem}") from problem
    detected = _Detected(content)
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        row = _row(line, f"{path}:{number}")
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


def _row(line: bytes, where: str) -> dict[str, Any]:
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
