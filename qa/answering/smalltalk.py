"""What people say without asking the texts anything: greetings, thanks, and talk about the answer or the program.

Cues in `language/data/<code>/smalltalk.toml`, replies in its `messages.toml`. Most is answered in a sentence of Fonte's
own; only a doubt ("are you sure?") asks the question before it again.
"""

from functools import cache

from qa.evidence.cues import CueSet
from qa.language.registry import LANGUAGES
from qa.language.tokens import Token, pieces

DOUBT = "doubt"
KINDS = ("about", "amiss", "memory", "wording", "sources", DOUBT, "hello", "thanks", "goodbye")
"""Of several, none of which is all that is said, the first is meant: "Thanks, but are you sure?"."""
REPLIES = tuple(kind for kind in KINDS if kind != DOUBT)
"""What is answered in Fonte's own words."""
_LONGEST = 12  # words; a longer text that begins with a greeting asks something


@cache
def _cues(code: str) -> CueSet:
    return CueSet(LANGUAGES[code].folder / "smalltalk.toml", categories=KINDS)


def smalltalk(question: str) -> tuple[str, str | None] | None:
    """(kind, language code) when all of a short question is such talk: one of `REPLIES` or `DOUBT`; else None.

    The code is None where more than one language says it so.
    """
    tokens = [token for token in pieces(question) if token.text[0].isalnum()]
    if not 0 < len(tokens) <= _LONGEST:
        return None
    found = [(kind, code) for code in LANGUAGES if (kind := _kind(question, tokens, code))]
    if not found:
        return None
    return found[0][0], found[0][1] if len(found) == 1 else None


def is_doubt(question: str) -> bool:
    """Whether a question only doubts the answer before it."""
    said = smalltalk(question)
    return said is not None and said[0] == DOUBT


def _kind(question: str, tokens: list[Token], code: str) -> str | None:
    matches = _cues(code).find(question, tokens)
    covered = sum(any(match.start <= token.start < match.end for match in matches) for token in tokens)
    if covered < len(tokens):
        return None
    whole = [match for match in matches if match.start <= tokens[0].start and tokens[-1].end <= match.end]
    return min((match.category for match in whole or matches), key=KINDS.index)
