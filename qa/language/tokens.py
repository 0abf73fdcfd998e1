"""Text to tokens: the one place where Fonte decides what a word is.

Used by retrieval (which stems tokens) and by the evidence cues (which read them as they are).
"""

import re
import unicodedata
from itertools import accumulate, repeat
from typing import NamedTuple

_MARK = "\u0300-\u036f"
# What no reader sees parts no word: soft hyphens, zero-width and direction marks, controls that are no white space.
_UNSEEN = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LETTER = rf"[^\W\d_{_MARK}]"
_WORD = re.compile(rf"[^\W\d_]{_LETTER}*(?:[{_MARK}]+{_LETTER}*|[{_UNSEEN}]+{_LETTER}+)*|\d+(?:[.,]\d+)*")
_SIGNS = r"|[®™℠€$£%!?:;…\[\]«»“”\"]"
_PIECE = re.compile(_WORD.pattern + _SIGNS)
# The same where there are no marks, as a group to split at: what stands between and the pieces by turns.
_SPLIT_WITHOUT_MARKS = re.compile(r"([^\W\d_]+|\d+(?:[.,]\d+)*" + _SIGNS + ")")
_LETTERS_WITHOUT_MARKS = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(f"[{_MARK}{_UNSEEN}]")
LONGEST = 64
"""Characters of a word that count: no word has more, and what is remembered of words must not grow by those made up."""
APOSTROPHES = "'’ʼ‘`´＇"
_FROM_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_UNSEEN_MARKS = re.compile(f"[{_UNSEEN}]+")
_FROM_LETTERS = _FROM_APOSTROPHES | str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"}
)  # letters that are no letter with an accent to Unicode


class Token(NamedTuple):
    """A word or number of a text; `start` and `end` are code points in that text, `text` is folded."""

    text: str
    start: int
    end: int


def normalize(text: str) -> str:
    """NFC, one kind of apostrophe, lower case; accents stay. Not of the same length as `text`."""
    if not text.isprintable():
        text = _UNSEEN_MARKS.sub("", text)
    if text.isascii():
        return text.lower().translate(_FROM_APOSTROPHES)
    return unicodedata.normalize("NFC", text).translate(_FROM_APOSTROPHES).lower()


def fold(text: str) -> str:
    """`normalize`, and accents taken off: `È` and `e` are one."""
    if not text.isprintable():
        text = _UNSEEN_MARKS.sub("", text)
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FROM_LETTERS).lower()


def words(text: str) -> list[Token]:
    """The words and numbers of `text`, normalized, in order."""
    return [Token(normalize(m.group())[:LONGEST], m.start(), m.end()) for m in _WORD.finditer(text)]


def pieces(text: str) -> list[Token]:
    """The words, numbers and telling signs (® % ? …) of `text`, accents folded, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):  # one letter of Turkish becomes two
        return [Token(fold(m.group())[:LONGEST], m.start(), m.end()) for m in _PIECE.finditer(text)]
    if _MARKS.search(lowered) is not None:
        return [Token(fold(m.group())[:LONGEST], m.start(), m.end()) for m in _PIECE.finditer(lowered)]
    parts = _SPLIT_WITHOUT_MARKS.split(lowered)
    ends = list(accumulate(map(len, parts)))
    texts = parts[1::2]
    if not lowered.isascii():
        texts = [text if text.isascii() else fold(text) for text in texts]
    return list(map(tuple.__new__, repeat(Token), zip(_cut(texts), ends[::2], ends[1::2], strict=False)))


def folded_words(text: str) -> list[str]:
    """The words of `text` without its numbers, accents folded, in order: `fold` of each of `words`, and faster."""
    lowered = text.lower()
    if len(lowered) != len(text) or _MARKS.search(lowered) is not None:
        return [fold(token.text) for token in words(text) if not token.text[0].isdigit()]
    found = _LETTERS_WITHOUT_MARKS.findall(lowered)
    if lowered.isascii():
        return _cut(found)
    return _cut([word if word.isascii() else fold(word) for word in found if not word[0].isdigit()])


def _cut(texts: list[str]) -> list[str]:
    """No text longer than a word may be; asked of all at once, as it hardly ever happens."""
    return [text[:LONGEST] for text in texts] if texts and max(map(len, texts)) > LONGEST else texts
