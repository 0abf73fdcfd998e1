"""Documents to passages: paragraphs under their headings, each one exact slice of the stored text.

Offsets are carried from the split, never searched for afterwards, so repeated sentences cannot confuse them.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.documents.document import Document
from qa.language.registry import LANGUAGES
from qa.language.sentences import sentences

LEAST_WORDS = 40
MOST_WORDS = 140
MOST_CHARACTERS = 1_200  # a run without a single blank is cut here
_HEADING_WORDS = 14
_HEADING_CHARACTERS = 200
_BULLETS = ("- ", "* ", "• ", "– ")
_WRAPPED_LINE = 120  # a document with no longer line is taken as hard-wrapped: blank lines alone end its paragraphs


@dataclass(frozen=True)
class Passage:
    """A piece of a document: `text == document.text[start:end]`, at most 140 words. `ordinal` counts from 1."""

    document: Document
    ordinal: int
    section: str | None
    start: int
    end: int

    @property
    def id(self) -> str:
        """Document id and ordinal; in a BEIR folder, where a row is a passage, the row's id."""
        return self.document.id if self.document.whole else f"{self.document.id}#{self.ordinal}"

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.document.text[self.start : self.end]

    @property
    def language(self) -> str | None:
        """The language code of its document."""
        return self.document.language

    @property
    def pages(self) -> str | None:
        """`p. 3` or `pp. 3–4`, in a text whose pages end with form feeds; None in any other."""
        text = self.document.text
        if "\f" not in text:
            return None
        first = text.count("\f", 0, self.start) + 1
        last = first + text.count("\f", self.start, self.end)
        return f"p. {first}" if first == last else f"pp. {first}–{last}"

    @property
    def place(self) -> str | None:
        """Where in its document it stands, for people: section, pages, or both; None where neither is known."""
        return ", ".join(part for part in (self.section, self.pages) if part) or None


@dataclass(frozen=True)
class _Span:
    start: int
    end: int


def split(document: Document) -> list[Passage]:
    """The passages of a document in reading order; page furniture and headings are none."""
    if document.whole:
        return [Passage(document, 1, None, 0, len(document.text))] if document.text.strip() else []
    passages: list[Passage] = []
    for section, paragraphs in _sections(document):
        for start, end in _joined(document.text, paragraphs):
            for piece_start, piece_end in _cut(document.text, start, end, document.language):
                passages.append(Passage(document, len(passages) + 1, section, piece_start, piece_end))
    return passages


def headings(text: str) -> list[tuple[int, int]]:
    """(start, end) of every line that reads as a heading."""
    return [(line.start, line.end) for line in _lines(text) if _is_heading(text[line.start : line.end])]


def _lines(text: str) -> Iterator[_Span]:
    """Every line without the blanks around it; blank lines come as empty spans."""
    at = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip().strip("\ufeff").strip()
        start = at + (line.find(stripped) if stripped else 0)
        yield _Span(start, start + len(stripped))
        at += len(line)


def _is_heading(line: str) -> bool:
    return (
        0 < len(line) <= _HEADING_CHARACTERS
        and not line.startswith(_BULLETS)
        and len(line.split()) <= _HEADING_WORDS
        and line[-1] not in '.!?:;,…"»”)'
        and any(c.isalpha() for c in line)
    )


@lru_cache(maxsize=1)
def _furniture() -> re.Pattern[str]:
    from qa.language.files import read_lines

    patterns = [
        line.strip() for language in LANGUAGES.values() for _, line in read_lines(language.folder / "furniture.txt")
    ]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _is_furniture(line: str) -> bool:
    stray_markup = (
        line.startswith("<")
        and re.match(r"<\s*(?:/\s*)?[a-zA-Z!]", line) is not None
        and len(line.split()) < LEAST_WORDS
    )
    bare_link = re.fullmatch(r"(https?://|www\.)\S+", line) is not None
    return stray_markup or bare_link or _furniture().match(line) is not None


def _sections(document: Document) -> Iterator[tuple[str | None, list[_Span]]]:
    """(heading, paragraphs) runs. A run ends at a heading or at page furniture, so that no passage spans one."""
    text = document.text
    lines = [line for line in _lines(text) if line.start >= document.body]
    wrapped = max((line.end - line.start for line in lines), default=0) <= _WRAPPED_LINE
    titles = {_squash(text[line.start : line.end]) for line in lines if _is_heading(text[line.start : line.end])}
    section: str | None = None
    paragraphs: list[_Span] = []
    open_paragraph = False
    for line in lines:
        content = text[line.start : line.end]
        if not content:
            open_paragraph = False
            continue
        if open_paragraph and wrapped and not _is_furniture(content):
            paragraphs[-1] = _Span(paragraphs[-1].start, line.end)
            continue
        is_contents = content[0] in "-*•–" and _squash(content.lstrip("-*•– ")) in titles
        if _is_furniture(content) or is_contents:
            yield section, paragraphs
            paragraphs, open_paragraph = [], False
        elif _is_heading(content) and not (wrapped and _continues(text, line)):
            yield section, paragraphs
            section, paragraphs, open_paragraph = content.lstrip("# "), [], False
            if _squash(section) == _squash(document.title):
                section = None
        else:
            paragraphs.append(line)
            open_paragraph = True
    yield section, paragraphs


def _continues(text: str, line: _Span) -> bool:
    """In hard-wrapped text, a line that the next line goes on with is no heading."""
    after = text[line.end : line.end + 3].lstrip("\r ")
    return after.startswith("\n") and not after[1:].startswith(("\n", "\r")) and bool(after[1:].strip())


def _squash(text: str) -> str:
    return " ".join(text.split()).casefold().strip("#*- ")


def _words(text: str) -> int:
    return len(text.split())


def _joined(text: str, paragraphs: Iterable[_Span]) -> Iterator[tuple[int, int]]:
    """Paragraphs, a short one together with its neighbour as long as the two are one slice of at most 140 words."""
    waiting: _Span | None = None
    for paragraph in paragraphs:
        if waiting is None:
            waiting = paragraph
            continue
        both = _Span(waiting.start, paragraph.end)
        short = (
            min(_words(text[waiting.start : waiting.end]), _words(text[paragraph.start : paragraph.end])) < LEAST_WORDS
        )
        if short and _words(text[both.start : both.end]) <= MOST_WORDS:
            waiting = both
        else:
            yield waiting.start, waiting.end
            waiting = paragraph
    if waiting is not None:
        yield waiting.start, waiting.end


def _cut(text: str, start: int, end: int, code: str | None) -> Iterator[tuple[int, int]]:
    """A paragraph in pieces of at most 140 words of about equal length, cut where a sentence ends."""
    total = _words(text[start:end])
    if total <= MOST_WORDS and end - start <= MOST_CHARACTERS * 2:
        yield start, end
        return
    units = [
        unit
        for low, high in sentences(text[start:end], code)
        for unit in _cut_sentence(text, start + low, start + high)
    ]
    pieces = math.ceil(total / MOST_WORDS)
    goal = total / pieces
    low, size = units[0][0], 0
    high = low
    for unit_start, unit_end in units:
        words = _words(text[unit_start:unit_end])
        fits = _words(text[low:unit_end]) <= MOST_WORDS and unit_end - low <= MOST_CHARACTERS * 2
        if high > low and (not fits or size + words / 2 > goal):
            yield low, high
            low, size = unit_start, 0
        high, size = unit_end, size + words
    yield low, high


_SOFT_ENDS = (re.compile(r"[;:]\s"), re.compile(r",\s"), re.compile(r"\s"))


def _cut_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence longer than a passage may be: cut at the last semicolon, else comma, else blank that still fits."""
    while start < end:
        limit = _fitting(text, start, end)
        if limit < end:
            for soft in _SOFT_ENDS:
                ends = [match.start() + len(match.group().rstrip()) for match in soft.finditer(text, start + 1, limit)]
                if ends:
                    limit = ends[-1]
                    break
        stop = limit
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        if stop > start:
            yield start, stop
        start = limit
        while start < end and text[start].isspace():
            start += 1


def _fitting(text: str, start: int, end: int) -> int:
    """The furthest end, at most `end`, with no more than 140 words and 1,200 characters from `start`."""
    limit = min(end, start + MOST_CHARACTERS)
    for count, match in enumerate(re.finditer(r"\S+", text[start:limit]), 1):
        if count == MOST_WORDS:
            return min(limit, start + match.end() + 1) if start + match.end() < end else end
    return limit
