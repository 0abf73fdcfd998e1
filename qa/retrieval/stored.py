"""A collection that is read from an index instead of a folder: nothing is split, read or assessed when it is opened.

What is known of each document and where its passages stand is held in memory; what a passage says, with its assessment,
and the whole text of a document are brought when they are asked for, and kept for a while.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from qa.documents.corpus import Corpus
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.evidence.assessments import plain, restored
from qa.retrieval.cache import Index, Topics

_KEPT_PASSAGES = 20_000
_KEPT_CHARACTERS = 20_000_000  # of whole texts, of which one may have as many
_NEIGHBOURS = 50  # whoever reads one passage that is not there goes on to those beside it
_AT_ONCE = 500  # contents asked for in one request
_DERIVED = ("sha256", "words")
_FACTS = (*(each.name for each in fields(Document) if each.name != "text"), *_DERIVED)


@dataclass(frozen=True, slots=True)
class Content:
    """What a passage says, on which pages, what it does, and where its terms stand (`profiles.parsed` reads that)."""

    text: str
    pages: str | None
    assessment: Assessment
    located: str


class Contents:
    """Passage number → content, brought in batches; the latest are kept. Threads may share one."""

    def __init__(
        self, fetch: Callable[[Sequence[int]], Mapping[int, Content]], size: int, most: int = _KEPT_PASSAGES
    ) -> None:
        self._fetch, self._size, self._most = fetch, size, most
        self._kept: OrderedDict[int, Content] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, number: int) -> Content:
        content = self._known(number)
        if content is None:
            first = number // _NEIGHBOURS * _NEIGHBOURS
            content = self._brought(range(first, min(first + _NEIGHBOURS, self._size)))[number]
        return content

    def bring(self, numbers: Iterable[int]) -> None:
        """Has these at hand, in as few requests as it takes."""
        missing = [number for number in numbers if self._known(number) is None]
        for at in range(0, len(missing), _AT_ONCE):
            self._brought(missing[at : at + _AT_ONCE])

    def located(self, number: int) -> str:
        """What `profiles.parsed` reads of a passage."""
        return self[number].located

    def _known(self, number: int) -> Content | None:
        with self._lock:
            content = self._kept.get(number)
            if content is not None:
                self._kept.move_to_end(number)
        return content

    def _brought(self, numbers: Sequence[int]) -> Mapping[int, Content]:
        found = self._fetch(numbers)
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


class Texts:
    """Number of a document → its text; the latest are kept, `most` characters at the most. Threads may share one."""

    def __init__(self, fetch: Callable[[int], str], most: int = _KEPT_CHARACTERS) -> None:
        self._fetch, self._most, self._held = fetch, most, 0
        self._kept: OrderedDict[int, str] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, number: int) -> str:
        with self._lock:
            text = self._kept.get(number)
            if text is not None:
                self._kept.move_to_end(number)
                return text
        text = self._fetch(number)
        with self._lock:
            if number not in self._kept and len(text) <= self._most:
                self._kept[number] = text
                self._held += len(text)
                while self._held > self._most:
                    self._held -= len(self._kept.popitem(last=False)[1])
        return text


@dataclass(frozen=True)
class StoredPassage(Passage):
    """A passage whose words are brought when they are read."""

    number: int
    contents: Contents = field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.contents[self.number].text

    @property
    def pages(self) -> str | None:
        """As `Passage.pages`."""
        return self.contents[self.number].pages


class StoredDocument(Document):
    """A document whose text is brought when it is read."""

    def __init__(self, facts: Sequence[Any], fetch: Callable[[], str]) -> None:
        for name, value in zip(_FACTS, facts, strict=True):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_fetch", fetch)

    @property
    def text(self) -> str:
        """The file, decoded."""
        fetch: Callable[[], str] = self.__dict__["_fetch"]
        return fetch()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and (self.id, self.sha256) == (other.id, other.sha256)

    def __hash__(self) -> int:
        return hash((self.id, self.sha256))


class StoredAssessments(Mapping[str, Assessment]):
    """Passage id → assessment, as it was made when the passage was indexed."""

    def __init__(self, passages: Sequence[StoredPassage], contents: Contents) -> None:
        self._numbers = {passage.id: passage.number for passage in passages}
        self._contents = contents

    def __getitem__(self, name: str) -> Assessment:
        return self._contents[self._numbers[name]].assessment

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(frozen=True)
class Stored:
    """What an index holds beside terms: all that an answerer needs."""

    corpus: Corpus
    index: Index
    assessments: Mapping[str, Assessment]


@runtime_checkable
class Storing(Protocol):
    """An engine whose index holds the collection itself, so that its folder is read by `qa index` alone.

    Who must know where the texts are asks whether the engine is one of these; no setting tells it.
    """

    def stored(self) -> Stored:
        """The collection of the index in use, which the engine then searches; raises EngineError for lack of one."""
        ...

    def replaced(self) -> bool:
        """Whether another index has taken the place of the one that is searched; False where nobody can tell."""
        ...


def facts_of(document: Document) -> list[Any]:
    """All of a document but its text, as JSON takes it."""
    return [getattr(document, name) for name in _FACTS]


def row_of(passage: Passage, document: int) -> list[Any]:
    """Where a passage stands; `document` is the number of its own."""
    return [document, passage.ordinal, passage.start, passage.end, passage.section]


def content_row(passage: Passage, assessment: Assessment, located: str) -> list[Any]:
    """What `content_of` reads."""
    return [passage.text, passage.pages, plain(assessment), located]


def content_of(row: Sequence[Any]) -> Content:
    """What `content_row` wrote."""
    text, pages, assessment, located = row
    return Content(text, pages, restored(assessment), located)


def opened(
    digest: str,
    questions: str,
    documents: Sequence[Sequence[Any]],
    rows: Iterable[Sequence[Any]],
    topics: Topics,
    contents: Contents,
    text_of: Callable[[int], str],
) -> Stored:
    """The collection of these facts and rows; `text_of` a document's number brings its text. It has no folder."""
    texts = Texts(text_of)

    def fetching(number: int) -> Callable[[], str]:
        return lambda: texts[number]

    known = tuple(StoredDocument(facts, fetching(number)) for number, facts in enumerate(documents))
    passages = tuple(
        StoredPassage(known[document], ordinal, section, start, end, number, contents)
        for number, (document, ordinal, start, end, section) in enumerate(rows)
    )
    corpus = Corpus(Path(), known)
    for name, value in (("digest", digest), ("questions", questions)):
        object.__setattr__(corpus, name, value)
    index = Index(digest, passages, {}, topics, None, contents)
    return Stored(corpus, index, StoredAssessments(passages, contents))
