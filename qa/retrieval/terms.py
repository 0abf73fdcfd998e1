"""From text to index terms: stems of content words, and every phrase of the lexicons as a term of its own."""

from collections.abc import Sequence
from functools import cache

from qa.documents.passages import Passage
from qa.language.analysis import content_words, stem
from qa.language.everyday import everyday_entries
from qa.language.phrases import Headwords, index_term
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonym_entries
from qa.language.tokens import words
from qa.language.translation import lexicon_files, read_lexicon
from qa.language.unknown import UNKNOWN, plain_terms


def index_terms(text: str, code: str) -> list[str]:
    """The terms a passage is indexed by: stems of its content words, and every lexicon phrase it holds.

    In an unknown language all of its words as they are.
    """
    return [term for term, _ in placed_terms(text, code)]


def placed_terms(text: str, code: str) -> list[tuple[str, int]]:
    """The same, each with the number of its first word in the text, counted from 0 over all words."""
    if code == UNKNOWN:
        return [(term, place) for place, term in enumerate(plain_terms(text))]
    every = words(text)
    sequence = [stem(token.text, code) for token in every]
    content = {token.start for token in content_words(text, LANGUAGES[code])}
    terms = [(term, at) for at, (token, term) in enumerate(zip(every, sequence, strict=True)) if token.start in content]
    for at in range(len(sequence)):
        terms += [(index_term(sequence[at : at + length]), at) for length in sorted(phrases_at(sequence, at, code))]
    return terms


def phrases_at(sequence: Sequence[str], position: int, code: str) -> set[int]:
    """The lengths, in words, of every phrase of the lexicons, synonyms and everyday words that begins here."""
    return {found.length for found in _phrases(code).at(sequence, position)}


@cache
def _phrases(code: str) -> Headwords[None]:
    return Headwords.kept(f"{code}-phrases", code, lambda: _listed(code), lambda value: value, least=2)


def _listed(code: str) -> list[tuple[str, None]]:
    listed = {text for text, _ in synonym_entries(code)}
    listed |= {cell for asked, told in everyday_entries(code) for cell in (asked, told.text)}
    for path, left, right in lexicon_files():
        if code in (left, right):
            listed |= {pair.left if code == left else pair.right for pair in read_lexicon(path) if pair.weight}
    return [(text, None) for text in sorted(listed) if not text.isalpha()]


def titles(passage: Passage) -> list[str]:
    """The headings a passage stands under: its document's title (or file name) and its section."""
    document = passage.document
    if document.titled:
        title = document.title
    else:
        title = "" if document.whole else document.id.rsplit("/", 1)[-1].replace("-", " ").replace("_", " ")
    return [part for part in (title, passage.section) if part]


def passage_terms(passage: Passage, code: str, headings: bool = True) -> list[str]:
    """The terms a passage is found by: its own, and with `headings` those it stands under."""
    terms = index_terms(passage.text, code)
    if headings:
        terms += [term for heading in titles(passage) for term in index_terms(heading, code)]
    return terms
