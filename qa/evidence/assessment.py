"""What a passage does: does it sell, what evidence does it bring, what does it claim, does it promise safety.

The order of deciding: cues are found in the raw text, the label model weighs them, and the rules below turn its labels
into the values of an assessment and into caveats. Every caveat but `uncited_claim` points at the words that set it off;
a label for which no word can be shown is not given.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qa.evidence.caveats import Caveat, Span, ordered
from qa.evidence.cues import Match, cues_of
from qa.evidence.features import features
from qa.evidence.model import labels_given, log_odds
from qa.language.detection import detect
from qa.language.registry import LANGUAGES

_MOST_SPANS = 6
_LIKELY = 0.85  # log odds of seven in ten
_CALLS = 2  # calls to action that make a passage sell, however neutral the rest of it (an advert at a page's end)

# Label → the categories whose words are shown for it, the most telling first.
_SHOWN = {
    "sell": (
        "call_to_action",
        "offer",
        "own_voice",
        "testimonial",
        "seller",
        "product",
        "goods",
        "we",
        "address",
        "praise",
        "emotion",
    ),
    "tone": ("praise", "natural", "emotion", "absolute", "absolute_safety", "benefit", "effect_good"),
    "animal": ("animal", "animal_words"),
    "in_vitro": ("laboratory", "lab_words"),
    "unnamed": ("invoked", "study", "study_words"),
    "absolute_safety": ("absolute_safety",),
}


@dataclass(frozen=True)
class Assessment:
    """The labels of a text and the caveats that follow from them.

    `promotional`: sell, tone, none. `evidence`: human, animal, in_vitro, unnamed, uncited, no_claim. `claim`: benefit,
    harm, both, none. `safety`: yes, weak, no. `language` is None for a text in no known language: it then has the
    neutral labels and no caveat.
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
    return _Reading(code, text).assessment() if code else Assessment(None)


class _Reading:
    """One text with its cues and the log odds of its labels."""

    def __init__(self, code: str, text: str) -> None:
        self._code = code
        self._matches = found(text, code)
        self._values = features(text, self._matches)
        self._odds = log_odds(self._values)
        self._given = labels_given(self._odds, code)
        self._of: dict[str, list[Match]] = {}
        for match in self._matches:
            self._of.setdefault(match.category, []).append(match)
        self._shown: dict[str, tuple[Span, ...]] = {}

    def assessment(self) -> Assessment:
        """The rules, in the order they can be read aloud."""
        promotional = self._promotional()
        lacking = self._lacks_human()
        reasons = self._reasons() if lacking else ()
        harm_only = self._warns() and not self._given["benefit"] and not lacking
        claim = self._claim(lacking)
        safety = self._safety(harm_only)
        caveats = []
        if safety == "yes":
            caveats.append(Caveat("absolute_safety", self._spans("absolute_safety")))
        if promotional == "sell":
            caveats.append(Caveat("promotional", self._spans("sell")))
        if promotional == "tone":
            caveats.append(Caveat("one_sided", self._spans("tone")))
        caveats += [Caveat(_CAVEAT_OF[reason], self._spans(reason)) for reason in reasons]
        return Assessment(
            self._code, promotional, reasons or self._other_evidence(claim), claim, safety, ordered(caveats)
        )

    def _promotional(self) -> str:
        calls = len(self._of.get("call_to_action", ()))
        if (self._given["sell"] or calls >= _CALLS) and self._spans("sell"):
            return "sell"
        if self._given["tone"] and self._spans("tone"):
            return "tone"
        return "none"

    def _lacks_human(self) -> bool:
        """Whether a benefit is claimed without evidence from people: the label says so, or all of its parts do.

        Not where evidence from people is likelier than its lack.
        """
        given, odds = self._given, self._odds
        if given["human"] and odds["human"] > odds["lacks_human"]:
            return False
        elsewhere = given["animal"] or given["in_vitro"]
        return given["lacks_human"] or (elsewhere and given["benefit"] and not given["human"])

    def _reasons(self) -> tuple[str, ...]:
        """Why a claimed benefit lacks evidence from people: what evidence there is instead, or that there is none.

        Of animals and cells the less likely is told only where it is likely: who writes of mice writes of their cells.
        """
        found = [name for name in ("animal", "in_vitro") if self._given[name] and self._spans(name)]
        if len(found) > 1 and self._odds[weaker := min(found, key=lambda name: self._odds[name])] < _LIKELY:
            found.remove(weaker)
        if found:
            return tuple(found)
        return ("unnamed",) if self._given["unnamed"] and self._spans("unnamed") else ("uncited",)

    def _other_evidence(self, claim: str) -> tuple[str, ...]:
        found = tuple(name for name in ("human", "animal", "in_vitro", "unnamed") if self._given[name])
        return found or (("no_claim",) if claim == "none" else ("human",) if claim != "harm" else ("uncited",))

    def _claim(self, lacking: bool) -> str:
        benefit = lacking or self._given["benefit"]
        if benefit:
            return "both" if self._given["harm"] else "benefit"
        return "harm" if self._given["harm"] else "none"

    def _safety(self, harm_only: bool) -> str:
        if self._given["absolute_safety"] and self._spans("absolute_safety") and not harm_only:
            return "yes"
        return "weak" if "reassurance" in self._values else "no"

    def _warns(self) -> bool:
        """Whether a harm is told in words that are not those of the safety promise itself."""
        promises = self._spans("absolute_safety")
        return self._given["harm"] and any(
            not any(match.start < p.end and p.start < match.end for p in promises) for match in self._of.get("harm", ())
        )

    def _spans(self, label: str) -> tuple[Span, ...]:
        """The words shown for a label: of its categories in order, overlapping ones once, the first few."""
        if label not in self._shown:
            self._shown[label] = self._chosen(label)
        return self._shown[label]

    def _chosen(self, label: str) -> tuple[Span, ...]:
        chosen: list[Span] = []
        for category in _SHOWN.get(label, ()):
            for match in self._of.get(category, ()):
                if not any(match.start < span.end and span.start < match.end for span in chosen):
                    chosen.append(Span(match.start, match.end))
            if len(chosen) >= _MOST_SPANS or (chosen and category in _SHOWN_ALONE):
                break
        return tuple(sorted(chosen[:_MOST_SPANS], key=lambda span: span.start))


# After one of these has words to show, the broader categories behind it are not needed.
_SHOWN_ALONE = frozenset({"product", "natural", "absolute_safety", "animal", "laboratory", "invoked"})

_CAVEAT_OF: Mapping[str, str] = {
    "animal": "animal_evidence",
    "in_vitro": "laboratory_evidence",
    "unnamed": "unnamed_studies",
    "uncited": "uncited_claim",
}


def found(text: str, code: str) -> list[Match]:
    """The cues of a text, without those that another takes back: a promise or benefit in "not free from the risk"."""
    matches = cues_of(code).find(text)
    backs = [match for match in matches if match.category in ("denied_safety", "reassurance")]
    if not backs:
        return matches
    return [match for match in matches if not any(_takes_back(back, match) for back in backs)]


def _takes_back(back: Match, match: Match) -> bool:
    meets = back.start < match.end and match.start < back.end
    if back.category == "denied_safety":
        return meets and match.category in ("absolute_safety", "benefit")
    longer = back.end - back.start > match.end - match.start
    return meets and longer and match.category == "absolute_safety"
