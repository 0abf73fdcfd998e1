"""From text to index terms: stems of content words, and every phrase of the lexicons as a term of its own."""

from collections.abc import Sequence

from qa.documents.passages import Passage
from qa.language.analysis import content_words, stem
from qa.language.everyday import everyday
from qa.language.phrases import index_term
from qa.language.registry import LANGUAGES
from qa.language.synonyms import synonyms
from qa.language.tokens import words
from qa.language.translation import translations


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
    lengths |= {found.length for found in everyday(code).at(sequence, position)}
    for other in LANGUAGES:
        if other != code:
            lengths |= {found.length for found in translations(code, other).at(sequence, position)}
    return {length for length in lengths if length > 1}


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
