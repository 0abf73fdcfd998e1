"""Is the corpus folder another than it was, and would taking it into use lose a text?"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.documents.corpus import Corpus

State = tuple[int, int, int, int]
Snapshot = Mapping[str, State]
"""Path in the folder → size, times of change of content and of owner or rights, number of the file."""


def snapshot(folder: Path) -> Snapshot:
    """What every file of the folder is like; empty where the folder is not there. Nothing is read."""
    found: dict[str, State] = {}
    for inner, _, names in os.walk(folder):
        for name in names:
            path = Path(inner, name)
            try:
                told = path.stat()
            except OSError:
                continue
            found[path.relative_to(folder).as_posix()] = (
                told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino,
            )  # fmt: skip
    return found


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """The files that came, went or changed, in order."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def losses(before: Corpus, after: Corpus) -> Iterator[str]:
    """The reasons for which texts of `before` are missing in `after` by a fault, not because they were taken out.

    A text is taken out by taking its table out of sources.toml, or its file away where there is no sources.toml.
    """
    kept = {document.file for document in after.documents}
    served = {document.file for document in before.documents} - kept
    for problem in after.problems:
        if problem.file in served:
            yield problem.message
