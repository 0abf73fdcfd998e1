"""Which language a text is in, by its function words; None, "I do not know", where they do not decide.

Function words are the most frequent words of any text and differ even between close languages; names, loan words and
single content words ("magnesio?", "kratom") say nothing and must not be guessed from.
"""

from dataclasses import dataclass
from functools import lru_cache

from qa.language.files import DATA, read_toml
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, folded_words

_LONG = 12  # words from which on a text without enough function words is in no known language
_LEAST_SHARE = 0.12
_WEIGHT_OF_VOCABULARY = 0.45


@dataclass(frozen=True)
class Guess:
    """`code`: the known language of the text, or None. `foreign`: the text is surely in some other language."""

    code: str | None
    foreign: bool = False


def detect(text: str) -> str | None:
    """The code of the known language `text` is in, None where that is unclear or it is another language."""
    return guess(text).code


def guess(text: str, vocabulary: bool = False) -> Guess:
    """`detect`, and whether the text is in a language Fonte does not know.

    With `vocabulary`, content words that only one language's lexicon knows help to place a telegraphic question.
    """
    tokens = folded_words(text)
    if not tokens:
        return Guess(None, foreign=any(c.isalpha() for c in text))
    owners = _owners()
    scores = dict.fromkeys(owners.codes, 0.0)
    for token in filter(owners.of.__contains__, tokens):
        codes = owners.of[token]
        for code in codes:
            scores[code] += 1 / len(codes)
    known = max(scores[code] for code in LANGUAGES)
    elsewhere = max((score for code, score in scores.items() if code not in LANGUAGES), default=0.0)
    if elsewhere >= 1.2 and elsewhere >= 1.25 * known:
        return Guess(None, foreign=True)
    if vocabulary:
        for code, count in _vocabulary_votes(tokens).items():
            scores[code] += _WEIGHT_OF_VOCABULARY * count
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    best, second = ranked[0], ranked[1]
    lead = scores[best] - scores[second]
    if len(tokens) >= _LONG and scores[best] < _LEAST_SHARE * len(tokens):
        return Guess(None, foreign=not _mostly_latin(text) or scores[best] < _LEAST_SHARE / 3 * len(tokens))
    if scores[best] < 0.85 or lead < 0.3 or lead < 0.1 * scores[best]:
        return Guess(None, foreign=not _mostly_latin(text))
    if best in LANGUAGES:
        return Guess(best)
    return Guess(None)


def _mostly_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c < "\u0250" for c in letters) * 2 >= len(letters)


@dataclass(frozen=True)
class _Owners:
    codes: tuple[str, ...]
    of: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _owners() -> _Owners:
    lists = {code: language.stopwords | language.elisions | language.markers for code, language in LANGUAGES.items()}
    for code, line in read_toml(DATA / "other-languages.toml").items():
        if code not in LANGUAGES:
            lists[code] = frozenset(line.split())
    owners: dict[str, list[str]] = {}
    for code, listed in lists.items():
        for word in {fold(word) for word in listed}:
            owners.setdefault(word, []).append(code)
    return _Owners(tuple(lists), {word: tuple(codes) for word, codes in owners.items()})


def _vocabulary_votes(tokens: list[str]) -> dict[str, int]:
    """For each known language, the words of `tokens` that its lexicon has and no other known language's has."""
    from qa.language.translation import vocabulary

    known = {code: vocabulary(code) for code in LANGUAGES}
    votes = dict.fromkeys(LANGUAGES, 0)
    for token in tokens:
        having = [code for code, listed in known.items() if token in listed]
        if len(having) == 1:
            votes[having[0]] += 1
    return votes
