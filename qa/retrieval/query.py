"""From a question to weighted groups of index terms, one group a concept, for each passage language.

A concept is a content word or a phrase of the question. Its variants are what texts may call it: the word itself, its
synonyms, its translations, cognates, and what a mistyped word may have meant. In each language the variants of one
concept form one group (Pirkola 1998), so a word with many translations weighs no more than one with a single one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from qa.language.analysis import content_words, stem
from qa.language.cognates import Alike, LookAlikes, Spellings
from qa.language.everyday import everyday_entries
from qa.language.files import read_lines
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonyms
from qa.language.tokens import Token, fold, words
from qa.language.translation import translations, vocabulary
from qa.language.unknown import UNKNOWN, plain_content
from qa.retrieval.engine import Engine, Group
from qa.retrieval.terms import phrases_at
from qa.retrieval.tuning import Parts
from qa.retrieval.variants import Variant, Variants

COGNATE = 0.7
COGNATE_BESIDE_LEXICON = 0.5
LEAST_LIKE_AT_HOME = 0.8  # within one language, only a near-identical spelling is the same word
MISSPELLED = 0.8
TOPIC_WEIGHT = 1.5  # of a concept that titles name
TOPIC_CERTAINTY = 0.5
LEAST_TOPIC = 0.5  # weight from which what comes from an earlier question may still be the topic of this one
FRAME_WEIGHT = 0.5  # of words that belong to asking, not to the matter: "tell", "worth", "mio cugino"
FRAME_PHRASE = 0.75  # of a phrase of such words, which says more than each: "quante volte", "how long"
_MOST_MEANT = 20_000  # words whose likely meanings are remembered
_LEAST_STEM = 6  # letters of a stem that is looked up in place of a mistyped word
PHRASE_PART = 0.5  # of a word that also stands inside a phrase found whole


@dataclass(frozen=True)
class Concept:
    """A content word or phrase of a question, with its variants in each language; `earlier`: of a question before."""

    text: str
    start: int
    end: int
    weight: float
    frame: bool
    variants: Mapping[str, tuple[Variant, ...]]
    earlier: bool = False

    @property
    def faint(self) -> bool:
        """Whether it was taken over so lightly that the question is not about it."""
        return self.earlier and self.weight < LEAST_TOPIC

    def group(self, code: str) -> Group | None:
        """The concept as one weighted group of the language `code`; None when nothing there can stand for it."""
        listed = self.variants.get(code, ())
        return Group({variant.term: variant.weight for variant in listed}, self.weight) if listed else None


@dataclass(frozen=True)
class Query:
    """A question made ready to search: its concepts and its language (None: unclear, all are treated alike).

    `asks_as`: earlier questions whose sort of fact this one asks for too ("and ketamine?" after a price).
    """

    text: str
    language: str | None
    concepts: tuple[Concept, ...]
    asks_as: tuple[str, ...] = ()

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
        """The query of a question; `weight` scales all its concepts (earlier questions count less).

        A question in the language `UNKNOWN` is read word by word, each word also as one of a language that knows it.
        """
        codes = [] if language == UNKNOWN else [language] if language else list(LANGUAGES)
        concepts = [self._concept(text, unit, homes, weight) for unit, homes in self._units(text, codes)]
        language = None if language == UNKNOWN else language
        return Query(text, language, tuple(_merged(_told_phrases(concepts))))

    def _units(self, text: str, codes: Sequence[str]) -> list[tuple["_Unit", list[str]]]:
        """The words and phrases of the question that may be concepts, in order, with the languages to read them in."""
        every = words(text)
        read = [self._read(token.text, codes) for token in every]
        units: dict[tuple[int, int], tuple[_Unit, list[str]]] = {}
        covered: set[int] = set()
        for code in codes if self.parts.phrases else ():
            sequence = [stem(word, code) for word in read]
            for at in range(len(every)):
                for length in phrases_at(sequence, at, code):
                    inside = every[at : at + length]
                    unit = _Unit(" ".join(read[at : at + length]), inside[0].start, inside[-1].end, 1.0)
                    units.setdefault((unit.start, unit.end), (unit, []))[1].append(code)
                    covered.update(token.start for token in inside)
        content = [{token.start for token in content_words(text, LANGUAGES[code])} for code in codes]
        if not codes:
            content = [{token.start for token in plain_content(text)}]
        for token, meant in zip(every, read, strict=True):
            mistyped = meant != token.text and any(meant in LANGUAGES[code].stopwords for code in codes)
            if not mistyped and all(token.start in listed for listed in content):
                share = PHRASE_PART if token.start in covered else 1.0
                unit = _Unit(token.text, token.start, token.end, share)
                units.setdefault((unit.start, unit.end), (unit, []))[1].extend(self._homes(token, codes))
        return [units[place] for place in sorted(units)]

    def _homes(self, token: Token, codes: Sequence[str]) -> list[str]:
        """The languages a word is read in: the question's, unless only another language knows the word."""
        knowing = [code for code in codes if self._knows(token.text, code) or _is_frame(token.text, code)]
        if knowing:
            return knowing
        return [code for code in LANGUAGES if code not in codes and self._knows(token.text, code)] or list(codes)

    def _read(self, word: str, codes: Sequence[str]) -> str:
        """The word, or what it was meant to be where no language knows it: phrases are looked for in that."""
        if not self.parts.spelling or any(
            self._knows(word, code) or _is_frame(word, code) or word in LANGUAGES[code].bare_stopwords
            for code in LANGUAGES
        ):
            return word
        return next((near[0].word for code in codes if (near := self._nearest(word, code))), word)

    def _nearest(self, word: str, code: str) -> list[Alike]:
        """What a mistyped word may have meant; first what has the same letters, then words of asking.

        An ending may hide it ("docters"), but short stems are like too many words.
        """
        meant = self._meant.get((word, code))
        if meant is None:
            spellings = self._spellings(code)
            found = spellings.nearest(fold(word))
            if not found and len(stem(word, code)) >= _LEAST_STEM:
                found = spellings.nearest(stem(word, code))
            meant = sorted(
                found, key=lambda alike: (set(alike.word) != set(fold(word)), not _is_frame(alike.word, code))
            )
            if len(self._meant) >= _MOST_MEANT:
                self._meant.clear()  # what is asked must not fill the memory
            self._meant[word, code] = meant
        return meant

    def _knows(self, word: str, code: str) -> bool:
        return stem(word, code) in self.engine.vocabulary(code) or is_headword(word, code)

    def _concept(self, text: str, unit: "_Unit", homes: Sequence[str], weight: float) -> Concept:
        found = Variants(self.engine, self.parts)
        for home in homes:
            found.expand(unit.text, home, 1.0, "word")
        single = " " not in unit.text
        if single and self.parts.spelling and not any(self._knows(unit.text, home) for home in homes):
            for home in homes:
                for alike in self._nearest(unit.text, home):
                    found.expand(alike.word, home, MISSPELLED * alike.similarity, "spelling")
        if single and self.parts.cognates:
            for code in LANGUAGES:
                self._add_look_alikes(unit.text, homes, code, found)
        if single and self.engine.size(UNKNOWN):
            self._add_plain(unit.text, found)
        variants = found.settled()
        read = self._read(unit.text, homes) if single else unit.text
        frame = bool(homes) and all(_is_frame(read, home) for home in homes)
        share = weight * unit.share * (1.0 if not frame else FRAME_WEIGHT if single else FRAME_PHRASE)
        if self.parts.topics and any(
            variant.term in self.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
            for code, listed in variants.items()
            for variant in listed
        ):
            share *= TOPIC_WEIGHT
        return Concept(text[unit.start : unit.end], unit.start, unit.end, share, frame, variants)

    def _add_look_alikes(self, word: str, homes: Sequence[str], code: str, found: Variants) -> None:
        if code in homes and self._knows(word, code):
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

    def _add_plain(self, word: str, found: Variants) -> None:
        """The word as it is, and what is spelled nearly so, for passages in an unknown language."""
        found.add(UNKNOWN, Variant(fold(word), 1.0, "word"))
        for alike in self._alike(UNKNOWN).like(fold(word)):
            if alike.similarity >= LEAST_LIKE_AT_HOME:
                found.add(UNKNOWN, Variant(alike.word, COGNATE * alike.similarity**2, "cognate"))

    def _alike(self, code: str) -> LookAlikes:
        if code not in self._look_alikes:
            self._look_alikes[code] = LookAlikes(self.engine.vocabulary(code))
        return self._look_alikes[code]

    def _spellings(self, code: str) -> Spellings:
        if code not in self._spelled:
            asking = LANGUAGES[code].stopwords | _asked_words(code)
            self._spelled[code] = Spellings(vocabulary(code) | set(self.engine.vocabulary(code)) | asking)
        return self._spelled[code]

    _spelled: dict[str, Spellings] = field(default_factory=dict)
    _meant: dict[tuple[str, str], list[Alike]] = field(default_factory=dict)


@cache
def _asked_words(code: str) -> frozenset[str]:
    """The words of everything people ask, phrase by phrase."""
    return frozenset(fold(word) for asked, _ in everyday_entries(code) for word in asked.split())


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


@dataclass(frozen=True)
class _Unit:
    text: str
    start: int
    end: int
    share: float


def _told_phrases(concepts: list[Concept]) -> list[Concept]:
    """Drops each phrase that no text has under any name, if texts have a word of it; its words count in full then.

    "Went off it" is no gap in what the texts tell: it would count as missing though nothing is. Nor is a word that no
    text has, inside a phrase that texts have: who asks about "mal di mare" does not ask about the sea.
    """
    phrases = [concept for concept in concepts if " " in concept.text]
    told = [phrase for phrase in phrases if phrase.variants]
    untold = [phrase for phrase in phrases if not phrase.variants and any(_inside(c, [phrase]) for c in concepts)]
    kept = []
    for concept in concepts:
        if concept in untold or (not concept.variants and " " not in concept.text and _within(concept, told)):
            continue
        freed = " " not in concept.text and _inside(concept, untold) and not _inside(concept, told)
        kept.append(replace(concept, weight=concept.weight / PHRASE_PART) if freed else concept)
    return kept


def _inside(concept: Concept, phrases: Sequence[Concept]) -> bool:
    """Whether texts have the concept and it stands inside one of the phrases."""
    return bool(concept.variants) and _within(concept, phrases)


def _within(concept: Concept, phrases: Sequence[Concept]) -> bool:
    return any(phrase.start <= concept.start and concept.end <= phrase.end for phrase in phrases)


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
