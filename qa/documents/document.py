"""One text of a corpus, and what can be wrong with a file that should have been one."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property


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
