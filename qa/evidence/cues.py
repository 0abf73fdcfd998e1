"""Cues: phrases that tell what a passage does, kept as data in `language/data/<code>/cues.toml`.

A file holds word classes and cues:

    [class]
    people = "volunteer* patient* (wo)?m?n"            # blank-separated words

    [[cue]]
    category = "human_study"                            # one of CATEGORIES
    patterns = ["trial of # <people>", "# <people> ~3 (took|received)"]
    matches  = ["In a trial of 60 women"]               # each must match one of the patterns
    ignores  = ["a trial of the heater"]                # none may match

Patterns are phrases over words, not regular expressions, so that matching is linear in the length of the text and a
reader can say them aloud. Case and accents do not count. In a pattern:

    word        that word                    (a|b c|d)   one of these phrases
    wor*        any word that starts so      x?          the element x, or nothing
    #           a number, in digits or words ~3          up to three words of any kind, within the sentence
    <people>    a word of that class         _           exactly one word of any kind

Signs count as words of their own: % $ € £ ? ! ™ ®. Hyphens and apostrophes only separate words.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qa.errors import DataError
from qa.language.files import only_keys, read_toml, shown
from qa.language.registry import LANGUAGES
from qa.language.tokens import Token, pieces

CATEGORIES: dict[str, str] = {
    # what sells, and what praises
    "call_to_action": "asks the reader to buy, book, call, click, discover, subscribe",
    "offer": "price, discount, delivery, guarantee, rental quoted to sell; shop furniture",
    "own_voice": "the seller speaks of itself: our products, we offer, vi proponiamo, il nostro centro",
    "seller": "a clinic, studio, shop, brand, product line, course or practitioner is put forward",
    "product": "a product is described as goods: formula, capsules, serum, device with model, 'ideal for'",
    "testimonial": "a satisfied customer's words, used to sell",
    "praise": "one-sided praise: miracle, promising, powerful, precious ally, dono della natura",
    "natural": "praise of the natural, gentle, ancient, chemical-free",
    "doubt": "balance: limits, drawbacks, doubts about the effect, no miracle, evidence is weak",
    "neutral_voice": "hospital, guideline, newspaper or encyclopedia register; advice to see a doctor",
    # what evidence is brought
    "human_study": "a study in people, told by design, number of people, journal with patients, cohort",
    "people": "people as the subjects of evidence: volunteers, women aged …, pazienti arruolati",
    "approval": "a named drug's regulatory approval, a guideline, a recommendation of an authority",
    "citation": "an identifiable source: journal, year, university, named author of a study",
    "study": "a study, trial, review, experiment is spoken of (of any sort)",
    "invoked": "studies invoked with nothing identifiable: studies show, clinically proven, [3], dicono gli esperti",
    "animal": "animals as the subjects of evidence",
    "laboratory": "cells, test tubes, cultures, extracts on cells",
    "wish": "a wish for studies, in people above all; evidence that is still missing",
    # what is claimed
    "benefit": "claims a health benefit: relieves, reduces pain, improves sleep, helps with",
    "harm": "tells of a risk, side effect, warning, interaction, contraindication",
    "condition": "a disease, symptom or bodily complaint is named",
    "negation": "denies an effect or evidence: no evidence that, did not improve, non è servito",
    # safety
    "absolute_safety": "promises no risk, no side effect, no addiction, no contraindication",
    "reassurance": "hedged reassurance: generally well tolerated, usually safe",
    "denied_safety": "a safety promise taken back: not without side effects, non è privo di rischi",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A cue found in a text: its category and its place in code points."""

    category: str
    start: int
    end: int


@dataclass(frozen=True)
class _Element:
    """One element of a compiled pattern: alternatives of word tests, or a gap of up to `gap` words."""

    options: tuple[tuple["_Element", ...], ...] = ()
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    number: bool = False
    anything: bool = False
    gap: int = 0
    optional: bool = False

    def accepts(self, word: str, numbers: frozenset[str]) -> bool:
        return (
            self.anything
            or word in self.words
            or (bool(self.prefixes) and word.startswith(self.prefixes))
            or (self.number and (word[0].isdigit() or word in numbers))
        )


_SENTENCE_ENDS = frozenset("?!;")
_MOST_STEPS = 400  # of one pattern at one place: bounds the work on repetitive text


class CueSet:
    """All cues of one file, compiled; `find` gives the matches of a text in order."""

    def __init__(self, path: Path, categories: Collection[str] = CATEGORIES) -> None:
        table = read_toml(path)
        only_keys(table, {"class", "cue"}, shown(path))
        self._path = path
        self._categories = categories
        self._classes = {name: str(words).split() for name, words in table.get("class", {}).items()}
        self._numbers = frozenset(word for word in self._classes.get("number", ()))
        self._starts: dict[str, list[tuple[str, tuple[_Element, ...]]]] = {}
        self._prefix_starts: dict[str, list[tuple[str, tuple[_Element, ...]]]] = {}
        self._number_starts: list[tuple[str, tuple[_Element, ...]]] = []
        self.rows: list[tuple[int, dict[str, Any]]] = []
        for number, row in enumerate(table.get("cue", []), 1):
            self._add(number, row)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefix_starts})

    def find(self, text: str, tokens: Sequence[Token] | None = None) -> list[Match]:
        """Every cue of `text`, in order of place; of one category only the longest of overlapping ones."""
        tokens = pieces(text) if tokens is None else tokens
        found: dict[str, list[tuple[int, int]]] = {}
        for position, token in enumerate(tokens):
            for category, pattern in self._candidates(token.text):
                end = _match(pattern, 0, tokens, position, self._numbers, [_MOST_STEPS], text)
                if end > position:
                    found.setdefault(category, []).append((position, end))
        matches = [
            Match(category, tokens[start].start, tokens[end - 1].end)
            for category, spans in found.items()
            for start, end in _longest(spans)
        ]
        return sorted(matches, key=lambda match: (match.start, match.end, match.category))

    def _candidates(self, word: str) -> Iterator[tuple[str, tuple[_Element, ...]]]:
        yield from self._starts.get(word, ())
        for length in self._prefix_lengths:
            if length > len(word):
                break
            yield from self._prefix_starts.get(word[:length], ())
        if word[0].isdigit() or word in self._numbers:
            yield from self._number_starts

    def _add(self, number: int, row: dict[str, Any]) -> None:
        where = f"{shown(self._path)}: cue {number}"
        only_keys(row, {"category", "patterns", "matches", "ignores", "why"}, where)
        category = row.get("category")
        if category not in self._categories:
            raise DataError(f"{where}: category {category!r} is not one of {', '.join(self._categories)}")
        if not row.get("patterns"):
            raise DataError(f"{where}: no patterns")
        for pattern in row["patterns"]:
            self._register(category, _compile(pattern, self._classes, f"{where}: pattern {pattern!r}"))
        self.rows.append((number, row))

    def _register(self, category: str, elements: tuple[_Element, ...]) -> None:
        for words, prefixes, number in _first_words(elements):
            entry = (category, elements)
            for word in words:
                self._starts.setdefault(word, []).append(entry)
            for prefix in prefixes:
                self._prefix_starts.setdefault(prefix, []).append(entry)
            if number:
                self._number_starts.append(entry)


def _first_words(elements: tuple[_Element, ...]) -> Iterator[tuple[frozenset[str], tuple[str, ...], bool]]:
    """What a match may begin with."""
    for element in elements:
        if element.options:
            for option in element.options:
                yield from _first_words(option)
        else:
            yield element.words, element.prefixes, element.number
        if not element.optional:
            return


def _match(
    elements: tuple[_Element, ...],
    index: int,
    tokens: Sequence[Token],
    at: int,
    numbers: frozenset[str],
    steps: list[int],
    text: str,
) -> int:
    """The furthest token position after a match of `elements[index:]` at `at`, or -1."""
    if index == len(elements):
        return at
    steps[0] -= 1
    if steps[0] < 0:
        return -1
    element = elements[index]
    best = -1
    if element.gap:
        for skipped in range(element.gap + 1):
            reached = _match(elements, index + 1, tokens, at + skipped, numbers, steps, text)
            if reached >= 0:
                return reached
            if at + skipped >= len(tokens) or _breaks(tokens, at + skipped, text):
                break
        return best
    if element.options:
        for option in element.options:
            reached = _match(option + elements[index + 1 :], 0, tokens, at, numbers, steps, text)
            best = max(best, reached)
    elif at < len(tokens) and element.accepts(tokens[at].text, numbers):
        best = _match(elements, index + 1, tokens, at + 1, numbers, steps, text)
    if best < 0 and element.optional:
        best = _match(elements, index + 1, tokens, at, numbers, steps, text)
    return best


def _breaks(tokens: Sequence[Token], at: int, text: str) -> bool:
    """A gap may not run over the end of a sentence: a stop, ! ? ; or a line break before or at this token."""
    if tokens[at].text in _SENTENCE_ENDS:
        return True
    if at == 0:
        return False
    between = text[tokens[at - 1].end : tokens[at].start]
    return "\n" in between or ". " in between


def _longest(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last_start, last_end = -1, -1
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last_end:
            if last_end > 0:
                yield last_start, last_end
            last_start, last_end = start, end
        elif end - start > last_end - last_start:
            last_start, last_end = start, end
    if last_end > 0:
        yield last_start, last_end


# --- compiling a pattern -------------------------------------------------------------------------------------------


def _compile(pattern: str, classes: dict[str, list[str]], where: str) -> tuple[_Element, ...]:
    elements, rest = _parse(_lex(pattern, where), classes, where, inner=False)
    if rest:
        raise DataError(f"{where}: ')' without '('")
    first = next((element for element in elements if not element.optional), None)
    if first is None or first.gap or first.anything:
        raise DataError(f"{where}: must begin with a word, a class, a number or a group of them")
    return elements


def _lex(pattern: str, where: str) -> list[str]:
    spaced = pattern
    for sign in "()|":
        spaced = spaced.replace(sign, f" {sign} ")
    parts = spaced.split()
    if not parts:
        raise DataError(f"{where}: is empty")
    return parts


def _parse(
    parts: list[str], classes: dict[str, list[str]], where: str, inner: bool
) -> tuple[tuple[_Element, ...], list[str]]:
    elements: list[_Element] = []
    while parts:
        part, parts = parts[0], parts[1:]
        if part == "(":
            options = []
            while True:
                option, parts = _parse(parts, classes, where, inner=True)
                if not parts:
                    raise DataError(f"{where}: '(' without ')'")
                closing, parts = parts[0], parts[1:]
                options.append(option)
                if closing != "|":
                    break
            optional = bool(parts) and parts[0] == "?"
            if optional:
                parts = parts[1:]
            if not all(options):
                raise DataError(f"{where}: an empty alternative")
            elements.append(_Element(options=tuple(options), optional=optional))
        elif part in ("|", ")"):
            if not inner:
                raise DataError(f"{where}: {part!r} outside a group")
            return tuple(elements), [part, *parts]
        else:
            elements += _word(part, classes, where)
    return tuple(elements), []


def _word(part: str, classes: dict[str, list[str]], where: str) -> list[_Element]:
    optional = part.endswith("?") and len(part) > 1
    part = part[:-1] if optional else part
    if part.startswith("~"):
        if not part[1:].isdigit() or not 1 <= int(part[1:]) <= 12:
            raise DataError(f"{where}: {part!r} is not a gap of ~1 to ~12")
        return [_Element(gap=int(part[1:]))]
    if part == "_":
        return [_Element(anything=True, optional=optional)]
    if part == "#":
        return [_Element(number=True, optional=optional)]
    if part.startswith("<"):
        name = part.strip("<>")
        if name not in classes:
            raise DataError(f"{where}: no class {name!r}")
        return [_element_of(classes[name], optional)]
    texts = [token.text for token in pieces(part.rstrip("*"))]
    if not texts:
        raise DataError(f"{where}: {part!r} holds no word")
    heads = [_element_of([text], optional) for text in texts[:-1]]
    return [*heads, _element_of([texts[-1] + ("*" if part.endswith("*") else "")], optional)]


def _element_of(words: list[str], optional: bool) -> _Element:
    exact = frozenset(token.text for word in words if not word.endswith("*") for token in pieces(word))
    prefixes = tuple(pieces(word.rstrip("*"))[0].text for word in words if word.endswith("*"))
    return _Element(words=exact, prefixes=prefixes, optional=optional)


@cache
def cues_of(code: str) -> CueSet:
    """The cues of the language `code`."""
    return CueSet(LANGUAGES[code].folder / "cues.toml")
