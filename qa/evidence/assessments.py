"""The assessments of a collection's passages, each made once: of a small collection all are kept in the cache."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qa.cache import Cache, digest, knowledge, packed, unpacked
from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment, assess
from qa.evidence.caveats import Caveat, Span

_KEPT_UP_TO = 2_000  # passages: more take minutes to assess, and an answer shows three of them
_NAME = "assessments"


class Assessments(Mapping[str, Assessment]):
    """Passage id → assessment, made when it is first asked for.

    A passage whose document is in no known language is not judged, even where its own words might pass for a known one.
    """

    def __init__(self, passages: Sequence[Passage], corpus_digest: str, cache: Cache) -> None:
        self._passages = {passage.id: passage for passage in passages}
        self._made: dict[str, Assessment] = {}
        if len(passages) <= _KEPT_UP_TO:
            key = digest([knowledge(), corpus_digest])
            found = cache.read(_NAME, key)
            if found is not None:
                self._made = {name: restored(row) for name, row in unpacked(found["rows"]).items()}
            elif cache.writable:
                cache.write(_NAME, key, {"rows": packed({name: plain(self[name]) for name in self})})

    def __getitem__(self, name: str) -> Assessment:
        made = self._made.get(name)
        if made is None:
            passage = self._passages[name]
            made = assess(passage.text, passage.language) if passage.language else Assessment(None)
            self._made[name] = made
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._passages)

    def __len__(self) -> int:
        return len(self._passages)


def plain(made: Assessment) -> tuple[Any, ...]:
    """An assessment as plain data, from which `restored` makes it again."""
    caveats = tuple((caveat.kind, tuple((span.start, span.end) for span in caveat.spans)) for caveat in made.caveats)
    return made.language, made.promotional, made.evidence, made.claim, made.safety, caveats


def restored(row: Sequence[Any]) -> Assessment:
    """What `plain` was given; JSON may have been between."""
    language, promotional, evidence, claim, safety, caveats = row
    shown = tuple(Caveat(kind, tuple(Span(*span) for span in spans)) for kind, spans in caveats)
    return Assessment(language, promotional, tuple(evidence), claim, safety, shown)
