"""Documents that are nearly the same text, found without comparing each with each.

Every document is reduced to the smallest hashes of its runs of words; how many of these two documents share estimates
how much of their text they share (bottom-k sketches: Broder 1997, "On the resemblance and containment of documents").
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_RUN = 4  # words hashed together
_KEPT = 200  # hashes of a document: the estimate is off by about 3 parts in 100
_LOOKED_UP = 24  # the smallest of these: two texts that are three quarters alike share 16 of them, or nearly
_COMMON = 8  # so that a phrase which stands in every text of a corpus makes no candidates
LEAST = 0.75


@dataclass(frozen=True)
class Resemblance:
    """Two documents by their names, and the share of their text that is alike, 0 to 1."""

    first: str
    second: str
    share: float


class NearDuplicates:
    """What was seen so far; a new text is compared with all of it at once."""

    def __init__(self) -> None:
        self._sketches: dict[str, frozenset[int]] = {}
        self._holders: dict[int, list[str]] = {}

    def add(self, name: str, text: str) -> list[Resemblance]:
        """The earlier texts that this one is nearly the same as, the nearest first."""
        sketch = _sketch(text)
        smallest = sorted(sketch)[:_LOOKED_UP]
        common = Counter(other for value in smallest for other in self._holders.get(value, ()))
        needed = min(_COMMON, len(smallest) // 2)
        candidates = sorted(other for other, count in common.items() if count >= needed)
        found = [Resemblance(other, name, _share(self._sketches[other], sketch)) for other in candidates]
        self._sketches[name] = sketch
        for value in smallest:
            self._holders.setdefault(value, []).append(name)
        return sorted((each for each in found if each.share >= LEAST), key=lambda each: -each.share)


def near_duplicates(texts: Iterable[tuple[str, str]]) -> Iterator[Resemblance]:
    """Every two of the (name, text) pairs that are nearly the same, each pair once."""
    seen = NearDuplicates()
    for name, text in texts:
        yield from seen.add(name, text)


def same_text(text: str) -> str:
    """What two texts have in common that differ in nothing but blanks, case and a byte order mark."""
    return " ".join(text.replace("\ufeff", "").casefold().split())


def _sketch(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", text.casefold())
    runs = {" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}
    return frozenset(sorted(zlib.crc32(run.encode("utf-8", "replace")) for run in runs)[:_KEPT])


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    smallest = sorted(one | other)[:_KEPT]
    return sum(value in one and value in other for value in smallest) / len(smallest)
