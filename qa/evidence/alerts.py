"""Alerts: what a question itself calls for, whatever is found. Cues in `language/data/<code>/alerts.toml`."""

from functools import cache

from qa.evidence.cues import CueSet
from qa.language.registry import LANGUAGES
from qa.language.tokens import pieces

EMERGENCY = "emergency"
KINDS = (EMERGENCY, "medicine")
"""In the order of urgency: the first that a question calls for is shown."""


@cache
def _cues(code: str) -> CueSet:
    return CueSet(LANGUAGES[code].folder / "alerts.toml", categories=KINDS)


def alert(question: str) -> str | None:
    """`emergency`, `medicine` or None. Read in every language: in an emergency nobody should be asked which."""
    tokens = pieces(question)
    found = {match.category for code in LANGUAGES for match in _cues(code).find(question, tokens)}
    return next((kind for kind in KINDS if kind in found), None)
