"""From a question to weighted groups of index terms, one group a concept, for each passage language.

A concept is a content word or a phrase of the question. Its variants are what texts may call it: the word itself, its
synonyms, its translations, cognates, and what a mistyped word may have meant. In each language the variants of one
concept form one group (Pirkola 1998), so a word with many translations weighs no more than one with a single one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from qa.language.analysis import content_words, stem
from qa.language.cognates import LookAlikes, Spellings
from qa.language.everyday import everyday
from qa.language.files import read_lines
from qa.language.phrases import index_term, stems
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonyms
from qa.language.tokens import Token, fold, words
from qa.language.translation import translations, vocabulary
from qa.retrieval.engine import Engine, Group
from qa.retrieval.terms import phrases_at
from qa.retrieval.tuning import Parts

SYNONYM = 0.6
NEAR_SYNONYM = 0.3
EVERYDAY = 0.5
NEAR_EVERYDAY = 0.25
BESIDE_THE_WORD = 0.5  # of synonyms and everyday words where the texts use the very word
BESIDE_THE_WORD_ELSEWHERE = 0.5  # of the same where only the texts of another language use the word
COGNATE = 0.7
COGNATE_BESIDE_LEXICON = 0.5
LEAST_LIKE_AT_HOME = 0.8  # within one language, only a near-identical spelling is the same word
MISSPELLED = 0.8
LEAST_VARIANT = 0.12
TOPIC_WEIGHT = 1.5  # of a concept that titles name
TOPIC_CERTAINTY = 0.5
FRAME_WEIGHT = 0.5  # of words that belong to asking, not to the matter: "tell", "worth", "mio cugino"
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

    @property
    def content(self) -> int:
        """How many of the concepts say something of the matter."""
        return sum(not concept.frame for concept in self.concepts)

    def groups(self, code: str) -> list[Group]:
        """The groups for passages in the language `code`."""
        return [group for concept in self.concepts if (group := concept.group(code)) is not None]


@cache
def frame_words(code: str) -> frozenset[str]:
    """Stems of the words people ask with, which say little of the matter."""
    listed = [word for _, line in read_lines(LANGUAGES[code].folder / "frames.txt") for word in line.split()]
    return frozenset(stem(word, code) for word in listed)


@dataclass
class QueryBuilder:
    """Turns questions into queries against the vocabulary that an engine has indexed."""

    engine: Engine
    parts: Parts = field(default_factory=Parts)
    topics: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _look_alikes: dict[str, LookAlikes] = field(default_factory=dict)

    def build(self, text: str, language: str | None, weight: float = 1.0) -> Query:
        """The query of a question; `weight` scales all its concepts (earlier questions count less)."""
        codes = [language] if language else list(LANGUAGES)
        concepts = [self._concept(text, unit, homes, weight) for unit, homes in self._units(text, codes)]
        return Query(text, language, tuple(_merged(concepts)))

    def _units(self, text: str, codes: Sequence[str]) -> list[tuple["_Unit", list[str]]]:
        """The words and phrases of the question that may be concepts, in order, with the languages to read them in."""
        every = words(text)
        units: dict[tuple[int, int], tuple[_Unit, list[str]]] = {}
        covered: set[int] = set()
        for code in codes if self.parts.phrases else ():
            sequence = [stem(token.text, code) for token in every]
            for at in range(len(every)):
                for length in phrases_at(sequence, at, code):
                    inside = every[at : at + length]
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
        knowing = [code for code in codes if self._knows(token.text, code)]
        if knowing:
            return knowing
        return [code for code in LANGUAGES if code not in codes and self._knows(token.text, code)] or list(codes)

    def _knows(self, word: str, code: str) -> bool:
        return stem(word, code) in self.engine.vocabulary(code) or is_headword(word, code)

    def _concept(self, text: str, unit: "_Unit", homes: Sequence[str], weight: float) -> Concept:
        found = _Variants(self.engine, self.parts)
        for home in homes:
            found.expand(unit.text, home, 1.0, "word")
        single = " " not in unit.text
        if single and self.parts.spelling and not any(self._knows(unit.text, home) for home in homes):
            for home in homes:
                for alike in self._spellings(home).nearest(fold(unit.text)):
                    found.expand(alike.word, home, MISSPELLED * alike.similarity, "spelling")
        if single and self.parts.cognates:
            for code in LANGUAGES:
                self._add_look_alikes(unit.text, homes, code, found)
        variants = found.settled()
        frame = all(_is_frame(unit.text, home) for home in homes)
        share = weight * unit.share * (FRAME_WEIGHT if frame else 1.0)
        if self.parts.topics and any(
            variant.term in self.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
            for code, listed in variants.items()
            for variant in listed
        ):
            share *= TOPIC_WEIGHT
        return Concept(text[unit.start : unit.end], unit.start, unit.end, share, frame, variants)

    def _add_look_alikes(self, word: str, homes: Sequence[str], code: str, found: "_Variants") -> None:
        if code in homes and stem(word, code) in self.engine.vocabulary(code):
            return
        false = {
            stem(translation.text, code)
            for home in homes
            if home != code
            for translation in translations(home, code).of(word)
            if translation.weight == 0
        }
        share = COGNATE_BESIDE_LEXICON if found.has(code) else COGNATE
        least = LEAST_LIKE_AT_HOME if code in homes else 0.0
        for home in homes:
            for alike in self._alike(code).like(stem(word, home)):
                if alike.similarity >= least and alike.word not in false:
                    found.add(code, Variant(alike.word, share * alike.similarity**2, "cognate"))

    def _alike(self, code: str) -> LookAlikes:
        if code not in self._look_alikes:
            self._look_alikes[code] = LookAlikes(self.engine.vocabulary(code))
        return self._look_alikes[code]

    def _spellings(self, code: str) -> Spellings:
        if code not in self._spelled:
            self._spelled[code] = Spellings(vocabulary(code) | set(self.engine.vocabulary(code)))
        return self._spelled[code]

    _spelled: dict[str, Spellings] = field(default_factory=dict)


def _is_frame(text: str, code: str) -> bool:
    stops = LANGUAGES[code].stopwords
    return all(token.text in stops or stem(token.text, code) in frame_words(code) for token in words(text))


@lru_cache(maxsize=50_000)
def is_headword(word: str, code: str) -> bool:
    """Whether a lexicon or a synonym group of the language `code` has the word, in whatever inflection."""
    term = [stem(word, code)]
    return (
        fold(word) in vocabulary(code)
        or any(True for _ in synonyms(code).at(term, 0))
        or any(
            found.length == 1 for other in LANGUAGES if other != code for found in translations(code, other).at(term, 0)
        )
    )


@lru_cache(maxsize=20_000)
def _relatives(headword: str, code: str, synonymous: bool, everyday_words: bool) -> tuple[tuple[str, float, str], ...]:
    """(headword, weight, how) of everything that stands beside a headword in its own language."""
    found: dict[str, tuple[float, str]] = {}
    if synonymous:
        for member, other in synonyms(code).of(headword):
            share = NEAR_SYNONYM if member.near or other.near else SYNONYM
            found[other.text] = max(found.get(other.text, (0.0, "")), (share, "synonym"))
    if everyday_words:
        for target, near in everyday(code).of(headword):
            share = NEAR_EVERYDAY if near else EVERYDAY
            found[target] = max(found.get(target, (0.0, "")), (share, "everyday"))
    return tuple((text, share, via) for text, (share, via) in found.items())


class _Variants:
    """The variants of one concept while they are being gathered."""

    def __init__(self, engine: Engine, parts: Parts) -> None:
        self._engine, self._parts = engine, parts
        self._found: dict[str, dict[str, Variant]] = {code: {} for code in LANGUAGES}

    def expand(self, headword: str, home: str, weight: float, via: str) -> None:
        """A headword of the language `home`, its relatives there, and the translations of all of them elsewhere."""
        whole = stems(headword, home)
        if not whole:
            return
        self.add(home, Variant(index_term(whole), weight, via))
        relatives = _relatives(headword, home, self._parts.synonyms, self._parts.everyday)
        for text, share, how in relatives:
            self.add(home, Variant(index_term(stems(text, home)), weight * share, how))
        if self._parts.lexicon:
            for code in LANGUAGES:
                if code != home:
                    self._translate(headword, home, code, weight, "translation")
                    for text, share, how in relatives:
                        self._translate(text, home, code, weight * share, how)

    def _translate(self, headword: str, home: str, code: str, weight: float, via: str) -> None:
        for translation in translations(home, code).of(headword):
            value = weight * translation.weight
            if value < LEAST_VARIANT:
                continue
            self.add(code, Variant(index_term(stems(translation.text, code)), value, via))
            if via == "translation" and self._parts.synonyms:
                for text, share, how in _relatives(translation.text, code, True, False):
                    self.add(code, Variant(index_term(stems(text, code)), value * share, how))

    def add(self, code: str, variant: Variant) -> None:
        """Keeps the strongest variant of each term that some passage of that language holds."""
        if variant.weight < LEAST_VARIANT or variant.term not in self._engine.vocabulary(code):
            return
        known = self._found[code].get(variant.term)
        if known is None or known.weight < variant.weight:
            self._found[code][variant.term] = variant

    def has(self, code: str) -> bool:
        """Whether anything but a look-alike stands for the concept in that language."""
        return bool(self._found[code])

    def settled(self) -> dict[str, tuple[Variant, ...]]:
        """The variants by language. Where texts use the very word, what merely stands near it counts for less."""
        anywhere = any(variant.via in DIRECT for listed in self._found.values() for variant in listed.values())
        settled = {}
        for code, listed in self._found.items():
            here = any(variant.via in DIRECT for variant in listed.values())
            share = BESIDE_THE_WORD if here else BESIDE_THE_WORD_ELSEWHERE if anywhere else 1.0
            kept = [
                Variant(variant.term, variant.weight * share, variant.via) if variant.via in _INDIRECT else variant
                for variant in listed.values()
            ]
            if kept:
                settled[code] = tuple(sorted(kept, key=lambda variant: (-variant.weight, variant.term)))
        return settled


DIRECT = frozenset({"word", "translation", "spelling"})
"""How a variant was come by that is the word itself, not one near it."""

_INDIRECT = frozenset({"synonym", "everyday"})


@dataclass(frozen=True)
class _Unit:
    text: str
    start: int
    end: int
    share: float


def _merged(concepts: list[Concept]) -> list[Concept]:
    """A word said twice is one concept."""
    merged: dict[tuple[tuple[str, str], ...], Concept] = {}
    for concept in concepts:
        key = tuple(
            (code, max(listed, key=lambda variant: (variant.weight, variant.term)).term)
            for code, listed in sorted(concept.variants.items())
        )
        key = key or (("", concept.text.lower()),)  # what no text has is known by its own letters
        if key not in merged or merged[key].weight < concept.weight:
            merged[key] = concept
    return list(merged.values())
