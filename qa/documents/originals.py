"""The files that texts were made from: are they still beside them, and unchanged?"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from qa.documents.corpus import Corpus


def sha256_of(path: Path) -> str:
    """Checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def original_problems(corpus: Corpus) -> Iterator[str]:
    """What is wrong with the originals of a corpus, a line each; a text that is its own original may change."""
    sums: dict[str, str | None] = {}
    for document in corpus.documents:
        if document.original is None or document.original == document.file:
            continue
        path = corpus.path / document.original
        if document.original not in sums:
            within = path.resolve().is_relative_to(corpus.path.resolve())
            sums[document.original] = sha256_of(path) if within and path.is_file() else None
        found = sums[document.original]
        if found is None:
            yield f"{path}: the original of {document.file} is not there"
        elif document.original_sha256 and found != document.original_sha256.lower():
            yield f"{path}: changed since {document.file} was made from it; import it again"
