"""From text to index terms: stems of content words, and every phrase of the lexicons as a term of its own."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from qa.documents.passages import Passage
from qa.language.analysis import content_words, stem
from qa.language.everyday import everyday_entries
from qa.language.phrases import Headwords, index_term
from qa.language.registry import LANGUAGES
from qa.language.sentences import sentences
from qa.language.synonyms import synonym_entries
from qa.language.tokens import Token, fold, words
from qa.language.translation import lexicon_files, read_lexicon
from qa.language.unknown import UNKNOWN

NOWHERE = -1
_BETWEEN_SENTENCES = 2  # words that the end of a sentence counts for


class Located(NamedTuple):
    """A term of a passage, the number of the sentence it stands in, and its place, in words from the beginning.

    Both count from 0, places with a gap between sentences; both are `NOWHERE` for a phrase that runs from one sentence
    into the next, and for what a heading says.
    """

    term: str
    sentence: int
    place: int


def index_terms(text: str, code: str) -> list[str]:
    """The terms a passage is indexed by: stems of its content words, and every lexicon phrase it holds.

    In an unknown language all of its words as they are.
    """
    return [term for term, _, _ in _placed_terms(text, words(text), code)]


def located_terms(text: str, code: str) -> tuple[list[Located], int]:
    """The same, each with where it stands; and how many sentences there are."""
    every, spans = words(text), sentences(text, code)
    sentence, sentence_of = 0, []
    first: dict[int, int] = {}
    for at, token in enumerate(every):
        while sentence < len(spans) and spans[sentence][1] <= token.start:
            sentence += 1
        inside = sentence < len(spans) and spans[sentence][0] <= token.start
        sentence_of.append(sentence if inside else NOWHERE)
        if inside:
            first.setdefault(sentence, at)
    placed, last = [], [0] * len(spans)
    for term, at, length in _placed_terms(text, every, code):
        sentence = sentence_of[at]
        if sentence == NOWHERE or sentence_of[at + length - 1] != sentence:
            placed.append(Located(term, NOWHERE, NOWHERE))
            continue
        place = at - first[sentence]
        placed.append(Located(term, sentence, place))
        last[sentence] = max(last[sentence], place)
    begins = [0, *accumulate(place + _BETWEEN_SENTENCES for place in last)]
    return [
        row if row.sentence == NOWHERE else row._replace(place=begins[row.sentence] + row.place) for row in placed
    ], len(spans)


def _placed_terms(text: str, every: Sequence[Token], code: str) -> list[tuple[str, int, int]]:
    """The index terms of a text of these words: each with the number of its first word, and of how many it is made."""
    if code == UNKNOWN:
        return [(fold(token.text), at, 1) for at, token in enumerate(every)]
    sequence = [stem(token.text, code) for token in every]
    content = {token.start for token in content_words(text, LANGUAGES[code])}
    terms = [
        (term, at, 1) for at, (token, term) in enumerate(zip(every, sequence, strict=True)) if token.start in content
    ]
    for at in range(len(sequence)):
        for length in sorted(phrases_at(sequence, at, code)):
            terms.append((index_term(sequence[at : at + length]), at, length))
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
    return [row.term for row in located_passage_terms(passage, code, headings)[0]]


def located_passage_terms(passage: Passage, code: str, headings: bool = True) -> tuple[list[Located], int]:
    """The same, each with where it stands; and how many sentences the passage has."""
    rows, size = located_terms(passage.text, code)
    if headings:
        above = (term for heading in titles(passage) for term in index_terms(heading, code))
        rows += [Located(term, NOWHERE, NOWHERE) for term in above]
    return rows, size
