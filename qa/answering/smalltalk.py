"""Greetings and thanks: what people say without asking anything. Cues in `language/data/<code>/smalltalk.toml`."""

from functools import cache

from qa.evidence.cues import CueSet
from qa.language.registry import LANGUAGES
from qa.language.tokens import pieces

KINDS = ("hello", "thanks", "goodbye")
_LONGEST = 8  # words; a longer text that begins with a greeting asks something


@cache
def _cues(code: str) -> CueSet:
    return CueSet(LANGUAGES[code].folder / "smalltalk.toml", categories=KINDS)


def smalltalk(question: str) -> tuple[str, str] | None:
    """(kind, language code) when all of a short question is a greeting, thanks or goodbye; else None."""
    tokens = [token for token in pieces(question) if token.text[0].isalnum()]
    if not 0 < len(tokens) <= _LONGEST:
        return None
    for code in LANGUAGES:
        matches = _cues(code).find(question, tokens)
        covered = sum(any(match.start <= token.start < match.end for match in matches) for token in tokens)
        if matches and covered == len(tokens):
            return min(matches, key=lambda match: KINDS.index(match.category)).category, code
    return None
