"""Words to terms: stop words and elisions off, irregular forms to their lemma, Snowball stem, accents folded last."""

from functools import cache, lru_cache
from typing import Any, NamedTuple

from qa.language.nltk_parts import SnowballStemmer
from qa.language.registry import LANGUAGES, Language
from qa.language.tokens import APOSTROPHES, Token, fold, words
from qa.language.unknown import UNKNOWN


class Term(NamedTuple):
    """An index term with the place in the text it came from (code points)."""

    term: str
    start: int
    end: int


@cache
def _stemmer(name: str) -> Any:
    return SnowballStemmer(name)


@lru_cache(maxsize=200_000)
def stem(word: str, code: str) -> str:
    """The term of one normalized word in the language `code`; in an unknown one the word itself, folded."""
    if code == UNKNOWN:
        return fold(word)
    language = LANGUAGES[code]
    lemma = language.forms.get(word) or _unaccented_forms(code).get(word, word)
    if not lemma[0].isalpha():
        return lemma
    return fold(_stemmer(language.stemmer).stem(lemma))


@cache
def _unaccented_forms(code: str) -> dict[str, str]:
    """Irregular forms as people type them without accents; a form that is a word of its own stays out."""
    language = LANGUAGES[code]
    return {fold(form): lemma for form, lemma in language.forms.items() if fold(form) not in language.stopwords}


def content_words(text: str, language: Language) -> list[Token]:
    """The words of `text` that carry meaning: no stop words, no elided articles, no lone letters."""
    kept = []
    for token in words(text):
        word = token.text
        if word in language.stopwords or word in language.bare_stopwords or (len(word) == 1 and word.isalpha()):
            continue
        if word in language.elisions and (
            text[token.end : token.end + 1] in APOSTROPHES_SET or text[token.start - 1 : token.start] in APOSTROPHES_SET
        ):
            continue
        kept.append(token)
    return kept


APOSTROPHES_SET = frozenset(APOSTROPHES)


def analyze(text: str, language: Language) -> list[Term]:
    """The terms of `text` in order, each with its place."""
    return [Term(stem(word, language.code), start, end) for word, start, end in content_words(text, language)]
