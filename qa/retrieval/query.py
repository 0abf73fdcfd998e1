"""From a question to weighted groups of index terms, one group a concept, for each passage language.

A concept is a content word or a phrase of the question. Its variants are what texts may call it: the word itself, its
synonyms, its translations, cognates, and what a mistyped word may have meant. In each language the variants of one
concept form one group (Pirkola 1998), so a word with many translations weighs no more than one with a single one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qa.language.analysis import content_words, stem
from qa.language.cognates import LookAlikes, misspelled
from qa.language.files import read_lines
from qa.language.phrases import index_term, stems
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonyms
from qa.language.tokens import Token, fold, words
from qa.language.translation import translations, vocabulary
from qa.retrieval.engine import Engine, Group

SYNONYM = 0.6
NEAR_SYNONYM = 0.3
COGNATE = 0.7
COGNATE_BESIDE_LEXICON = 0.35
MISSPELLED = 0.8
LEAST_VARIANT = 0.12
FRAME_WEIGHT = 0.2  # of words that belong to asking, not to the matter: "tell", "worth", "mio cugino"
PHRASE_PART = 0.5  # of a word that also stands inside a phrase found whole


@dataclass(frozen=True)
class Variant:
    """What a text may call a concept: an index term, its weight in (0, 1], and how it was come by."""

    term: str
    weight: float
    via: str


@dataclass(frozen=True)
class Concept:
    """A content word or phrase of a question, with its variants in each language."""

    text: str
    start: int
    end: int
    weight: float
    frame: bool
    variants: Mapping[str, tuple[Variant, ...]]

    def group(self, code: str) -> Group | None:
        """The concept as one weighted group of the language `code`; None when nothing there can stand for it."""
        listed = self.variants.get(code, ())
        return Group({variant.term: variant.weight for variant in listed}, self.weight) if listed else None


@dataclass(frozen=True)
class Query:
    """A question made ready to search: its concepts and its language (None: unclear, all are treated alike)."""

    text: str
    language: str | None
    concepts: tuple[Concept, ...]

    def groups(self, code: str) -> list[Group]:
        """The groups for passages in the language `code`."""
        return [group for concept in self.concepts if (group := concept.group(code)) is not None]


@lru_cache(maxsize=None)
def frame_words(code: str) -> frozenset[str]:
    """Stems of the words people ask with, which say little of the matter."""
    listed = [word for _, line in read_lines(LANGUAGES[code].folder / "frames.txt") for word in line.split()]
    return frozenset(stem(word, code) for word in listed)


def index_terms(text: str, code: str) -> list[str]:
    """The terms a passage is indexed by: stems of its content words, and every lexicon phrase it holds."""
    language = LANGUAGES[code]
    every = words(text)
    sequence = [stem(token.text, code) for token in every]
    content = {token.start for token in content_words(text, language)}
    terms = [term for token, term in zip(every, sequence, strict=True) if token.start in content]
    for at in range(len(sequence)):
        terms += {index_term(sequence[at : at + length]) for length in phrases_at(sequence, at, code)}
    return terms


def phrases_at(sequence: Sequence[str], position: int, code: str) -> set[int]:
    """The lengths, in words, of every phrase of the lexicons and synonyms that begins here."""
    lengths = {found.length for found in synonyms(code).at(sequence, position)}
    for other in LANGUAGES:
        if other != code:
            lengths |= {found.length for found in translations(code, other).at(sequence, position)}
    return {length for length in lengths if length > 1}


@dataclass
class QueryBuilder:
    """Turns questions into queries against the vocabulary that an engine has indexed."""

    engine: Engine
    _look_alikes: dict[str, LookAlikes] = field(default_factory=dict)

    def build(self, text: str, language: str | None, weight: float = 1.0) -> Query:
        """The query of a question; `weight` scales all its concepts (earlier questions count less)."""
        codes = [language] if language else list(LANGUAGES)
        concepts = [
            self._concept(text, unit, homes, weight)
            for unit, homes in self._units(text, codes)
        ]
        return Query(text, language, tuple(_merged(concepts)))

    def _units(self, text: str, codes: Sequence[str]) -> list[tuple["_Unit", list[str]]]:
        """The concepts of the question in order, each with the languages it is read in."""
        every = words(text)
        units: dict[tuple[int, int], tuple[_Unit, list[str]]] = {}
        covered: set[int] = set()
        for code in codes:
            sequence = [stem(token.text, code) for token in every]
            for at in range(len(every)):
                for length in phrases_at(sequence, at, code):
                    inside = every[at : at + length]
                    if all(token.text in LANGUAGES[code].stopwords for token in inside):
                        continue
                    unit = _Unit(text[inside[0].start : inside[-1].end], inside[0].start, inside[-1].end, 1.0)
                    units.setdefault((unit.start, unit.end), (unit, []))[1].append(code)
                    covered.update(token.start for token in inside)
        content = [{token.start for token in content_words(text, LANGUAGES[code])} for code in codes]
        for token in every:
            if all(token.start in listed for listed in content):
                share = PHRASE_PART if token.start in covered else 1.0
                unit = _Unit(token.text, token.start, token.end, share)
                units.setdefault((unit.start, unit.end), (unit, []))[1].extend(self._homes(token, codes))
        return [units[place] for place in sorted(units)]

    def _homes(self, token: Token, codes: Sequence[str]) -> list[str]:
        """The languages a word is read in: the question's, unless only another language knows the word."""
        if any(self._knows(token.text, code) for code in codes):
            return [code for code in codes if self._knows(token.text, code)]
        others = [code for code in LANGUAGES if code not in codes and self._knows(token.text, code)]
        return others or list(codes)

    def _knows(self, word: str, code: str) -> bool:
        term = stem(word, code)
        return (
            term in self.engine.vocabulary(code)
            or fold(word) in vocabulary(code)
            or any(True for _ in synonyms(code).at([term], 0))
            or any(True for other in LANGUAGES if other != code for _ in translations(code, other).at([term], 0))
        )

    def _concept(self, text: str, unit: "_Unit", homes: Sequence[str], weight: float) -> Concept:
        found: dict[str, dict[str, Variant]] = {code: {} for code in LANGUAGES}
        for home in homes:
            self._expand(unit.text, home, 1.0, found, "word")
        single = len(words(unit.text)) == 1
        if single and not any(self._knows(unit.text, home) for home in homes):
            for home in homes:
                for alike in misspelled(fold(unit.text), self._spellings(home)):
                    self._expand(alike.word, home, MISSPELLED * alike.similarity, found, "spelling")
        if single:
            for code in LANGUAGES:
                self._add_look_alikes(unit.text, homes, code, found)
        frame = all(
            all(part in frame_words(home) or token.text in LANGUAGES[home].stopwords
                for part, token in zip(stems(unit.text, home), words(unit.text), strict=True))
            for home in homes
        )
        variants = {code: tuple(listed.values()) for code, listed in found.items() if listed}
        share = weight * unit.share * (FRAME_WEIGHT if frame else 1.0)
        return Concept(text[unit.start : unit.end], unit.start, unit.end, share, frame, variants)

    def _spellings(self, code: str) -> list[str]:
        return sorted(vocabulary(code) | set(self.engine.vocabulary(code)))

    def _expand(
        self, headword: str, home: str, weight: float, found: dict[str, dict[str, Variant]], via: str
    ) -> None:
        """Adds a headword of `home`, its synonyms there, and their translations and synonyms elsewhere."""
        whole = stems(headword, home)
        if not whole:
            return
        _add(found[home], Variant(index_term(whole), weight, via))
        here = [(headword, weight)]
        for member, other in synonyms(home).of(headword):
            share = weight * (NEAR_SYNONYM if member.near or other.near else SYNONYM)
            _add(found[home], Variant(index_term(stems(other.text, home)), share, "synonym"))
            here.append((other.text, share))
        for code in LANGUAGES:
            if code == home:
                continue
            for text, share in here:
                for translation in translations(home, code).of(text):
                    value = share * translation.weight
                    if value < LEAST_VARIANT:
                        continue
                    _add(found[code], Variant(index_term(stems(translation.text, code)), value, "translation"))
                    if share == weight:
                        for member, other in synonyms(code).of(translation.text):
                            near = NEAR_SYNONYM if member.near or other.near else SYNONYM
                            term = index_term(stems(other.text, code))
                            _add(found[code], Variant(term, value * near, "translated synonym"))

    def _add_look_alikes(
        self, word: str, homes: Sequence[str], code: str, found: dict[str, dict[str, Variant]]
    ) -> None:
        known = self.engine.vocabulary(code)
        own = code in homes
        if own and any(stem(word, home) in known for home in homes if home == code):
            return
        translated = any(variant.via == "translation" for variant in found[code].values())
        false = {
            stem(translation.text, code)
            for home in homes
            if home != code
            for translation in translations(home, code).of(word)
            if translation.weight == 0
        }
        share = COGNATE_BESIDE_LEXICON if translated or (own and found[code]) else COGNATE
        for home in homes:
            for alike in self._alike(code).like(stem(word, home)):
                value = share * alike.similarity**2
                if own and alike.similarity < 0.8:
                    continue
                if alike.word not in false:
                    _add(found[code], Variant(alike.word, value, "cognate"))

    def _alike(self, code: str) -> LookAlikes:
        if code not in self._look_alikes:
            self._look_alikes[code] = LookAlikes(self.engine.vocabulary(code))
        return self._look_alikes[code]


@dataclass(frozen=True)
class _Unit:
    text: str
    start: int
    end: int
    share: float


def _add(listed: dict[str, Variant], variant: Variant) -> None:
    if variant.term and variant.weight >= LEAST_VARIANT:
        known = listed.get(variant.term)
        if known is None or known.weight < variant.weight:
            listed[variant.term] = variant


def _merged(concepts: list[Concept]) -> list[Concept]:
    """A word said twice is one concept."""
    merged: dict[tuple[tuple[str, str], ...], Concept] = {}
    for concept in concepts:
        key = tuple(
            (code, max(listed, key=lambda variant: (variant.weight, variant.term)).term)
            for code, listed in sorted(concept.variants.items())
        )
        if key not in merged or merged[key].weight < concept.weight:
            merged[key] = concept
    return list(merged.values())
