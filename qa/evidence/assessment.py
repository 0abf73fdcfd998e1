"""What a passage does: does it sell, what evidence does it bring, what does it claim, does it promise safety."""

from dataclasses import dataclass

from qa.evidence.caveats import Caveat, Span, ordered
from qa.evidence.cues import Match, cues_of
from qa.language.detection import detect
from qa.language.registry import LANGUAGES

EVIDENCE = ("human", "animal", "in_vitro", "unnamed", "uncited", "unclear", "no_claim")


@dataclass(frozen=True)
class Assessment:
    """The labels of a text (`caveats.md` defines their values) and the caveats that follow from them.

    `language` is None for a text in no known language: it then has no label but the neutral ones, and no caveat.
    """

    language: str | None
    promotional: str = "none"
    evidence: tuple[str, ...] = ("no_claim",)
    claim: str = "none"
    safety: str = "no"
    caveats: tuple[Caveat, ...] = ()


def assess(text: str, language: str | None = None) -> Assessment:
    """Labels and caveats of a text of any length; spans are code points of `text`. The same text, the same answer."""
    code = language if language in LANGUAGES else detect(text)
    if code is None:
        return Assessment(None)
    matches = cues_of(code).find(text)
    return _labelled(code, text, matches)


def _labelled(code: str, text: str, matches: list[Match]) -> Assessment:
    def spans(*categories: str) -> tuple[Span, ...]:
        return tuple(Span(m.start, m.end) for m in matches if m.category in categories)

    sell, tone = spans("call_to_action", "offer", "own_voice"), spans("praise", "natural")
    promotional = "sell" if sell else "tone" if tone and not spans("doubt") else "none"
    claim = "benefit" if spans("benefit") else "none"
    evidence: list[str] = []
    if spans("human_study", "approval"):
        evidence.append("human")
    if spans("animal"):
        evidence.append("animal")
    if spans("laboratory"):
        evidence.append("in_vitro")
    if spans("invoked") and not evidence:
        evidence.append("unnamed")
    if not evidence:
        evidence = ["uncited"] if claim == "benefit" else ["no_claim"]
    caveats: list[Caveat] = []
    safety = "yes" if spans("absolute_safety") and not spans("denied_safety") else "no"
    if safety == "yes":
        caveats.append(Caveat("absolute_safety", spans("absolute_safety")))
    if promotional == "sell":
        caveats.append(Caveat("promotional", sell))
    if promotional == "tone":
        caveats.append(Caveat("one_sided", tone))
    if "human" not in evidence and claim == "benefit":
        if "animal" in evidence:
            caveats.append(Caveat("animal_evidence", spans("animal")))
        if "in_vitro" in evidence:
            caveats.append(Caveat("laboratory_evidence", spans("laboratory")))
        if evidence == ["unnamed"]:
            caveats.append(Caveat("unnamed_studies", spans("invoked")))
        if evidence == ["uncited"]:
            caveats.append(Caveat("uncited_claim"))
    return Assessment(code, promotional, tuple(evidence), claim, safety, ordered(caveats))
