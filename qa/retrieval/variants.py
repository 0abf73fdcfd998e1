"""What texts may call a word of a question: the word, its synonyms, everyday words, translations, and theirs in turn.

`expansion` follows the language data alone and is the same over every corpus; `Variants` keeps what some passage holds.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from qa.language.everyday import everyday
from qa.language.phrases import index_term, stems
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonyms
from qa.language.translation import translations
from qa.language.unknown import UNKNOWN
from qa.retrieval.engine import Engine
from qa.retrieval.tuning import Parts

SYNONYM = 0.6
NEAR_SYNONYM = 0.3
EVERYDAY = 0.5
NEAR_EVERYDAY = 0.25
BESIDE_THE_WORD = 0.5  # of synonyms and everyday words where the texts use the very word
BESIDE_THE_WORD_ELSEWHERE = 0.5  # of the same where only the texts of another language use the word
LEAST_VARIANT = 0.12

DIRECT = frozenset({"word", "translation", "spelling"})
"""How a variant was come by that is the word itself, not one near it."""

_INDIRECT = frozenset({"synonym", "everyday"})


class Variant(NamedTuple):
    """What a text may call a concept: an index term, its weight in (0, 1], and how it was come by."""

    term: str
    weight: float
    via: str


class Variants:
    """The variants of one concept while they are being gathered."""

    def __init__(self, engine: Engine, parts: Parts) -> None:
        self._parts = parts
        self._held = {code: engine.vocabulary(code) for code in (*LANGUAGES, UNKNOWN)}
        self._found: dict[str, dict[str, Variant]] = {code: {} for code in self._held}

    def expand(self, headword: str, home: str, weight: float, via: str) -> None:
        """A headword of the language `home`, its relatives there, and the translations of all of them elsewhere."""
        parts = self._parts
        whole = stems(headword, home)
        for code, variant in expansion(whole, home, parts.synonyms, parts.everyday, parts.lexicon) if whole else ():
            if variant.term in self._held[code]:
                own = via if variant.via == "word" else variant.via
                self._keep(code, Variant(variant.term, weight * variant.weight, own))

    def add(self, code: str, variant: Variant) -> None:
        """Keeps the strongest variant of each term that some passage of that language holds."""
        if variant.term in self._held[code]:
            self._keep(code, variant)

    def _keep(self, code: str, variant: Variant) -> None:
        known = self._found[code].get(variant.term)
        if variant.weight >= LEAST_VARIANT and (known is None or known.weight < variant.weight):
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


@lru_cache(maxsize=10_000)
def expansion(
    whole: tuple[str, ...], home: str, synonymous: bool, everyday_words: bool, lexicon: bool
) -> tuple[tuple[str, Variant], ...]:
    """(language, variant) of all that may stand for a headword, given by its stems; the word itself comes first."""
    found: dict[tuple[str, str], Variant] = {}
    for code, variant in _related(whole, home, synonymous, everyday_words, lexicon):
        known = found.get((code, variant.term))
        if variant.weight >= LEAST_VARIANT and (known is None or known.weight < variant.weight):
            found[code, variant.term] = variant
    return tuple((code, variant) for (code, _), variant in found.items())


def _related(
    whole: tuple[str, ...], home: str, synonymous: bool, everyday_words: bool, lexicon: bool
) -> Iterator[tuple[str, Variant]]:
    yield home, Variant(index_term(whole), 1.0, "word")
    relatives = _relatives(whole, home, synonymous, everyday_words)
    for beside, share, how in relatives:
        yield home, Variant(index_term(beside), share, how)
    for code in LANGUAGES if lexicon else ():
        if code == home:
            continue
        for there, weight in _translated(whole, home, code):
            yield code, Variant(index_term(there), weight, "translation")
            for beside, share, how in _relatives(there, code, synonymous, False):
                yield code, Variant(index_term(beside), weight * share, how)
        for other, share, how in relatives:
            for there, weight in _translated(other, home, code):
                yield code, Variant(index_term(there), share * weight, how)


def _translated(whole: tuple[str, ...], home: str, code: str) -> list[tuple[tuple[str, ...], float]]:
    listed = translations(home, code).whole(whole)
    return [(stems(text, code), weight) for text, weight in listed if weight >= LEAST_VARIANT]


@lru_cache(maxsize=20_000)
def _relatives(
    whole: tuple[str, ...], code: str, synonymous: bool, everyday_words: bool
) -> tuple[tuple[tuple[str, ...], float, str], ...]:
    """(stems, weight, how) of everything that stands beside a headword in its own language."""
    found: dict[str, tuple[float, str]] = {}
    if synonymous:
        for member, other in synonyms(code).whole(whole):
            share = NEAR_SYNONYM if member.near or other.near else SYNONYM
            found[other.text] = max(found.get(other.text, (0.0, "")), (share, "synonym"))
    if everyday_words:
        for target, near in everyday(code).whole(whole):
            share = NEAR_EVERYDAY if near else EVERYDAY
            found[target] = max(found.get(target, (0.0, "")), (share, "everyday"))
    return tuple((stems(text, code), share, via) for text, (share, via) in found.items())
