"""A small corpus about zinc, one of its texts hostile, whose labels are set by hand."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from qa.answering.answerer import Answer, Answerer
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat, Span, ordered

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser sends."""

DROPS = (
    "Zinc drops calm the itching skin of the elbow within a few days, and readers of this page praise them. "
    "In mice the drops reduced the itching by half, and the mice scratched less for a week. "
    "There is no risk at all. Order the drops today and save ten euros on the second bottle of zinc."
)
DRESSING = (
    "Zinc dressings have been used on itching skin for many years, and experts say that they help. They are changed "
    "every day, the skin is washed with plain water, and a nurse looks at the wound before a new zinc dressing is put."
)
TRICKY = (
    "Zinc <script>alert(1)</script> and zinc <img src=x onerror=alert(2)> ]]> stand here as text, as they were "
    "published on a page about zinc, and so does \u202ethis turned around\u202c piece with its marks of direction, "
    "which the itching reader sees as they are, letter for letter, without any of them doing a thing."
)


class LabelledByHand(Answerer):
    """Passages that hold certain words get certain caveats, and what is asked about zinc counts as answered.

    What the pages draw is tested apart from the cues and from the threshold of abstention.
    """

    WORDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "absolute_safety": ("no risk at all",),
        "promotional": ("Order the drops today", "save ten euros"),
        "animal_evidence": ("In mice", "the mice"),
        "unnamed_studies": ("experts say",),
        "one_sided": ("praise them", "for many years", "letter for letter"),
    }

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """The real answer, answered or not by the word zinc."""
        answer = super().ask(question, language, limit, history)
        found = "zinc" in question.lower() and bool(answer.passages)
        return replace(answer, answered=found, reason=None if found else "not_found")

    @cached_property
    def assessments(self) -> dict[str, Assessment]:
        """Passage id → labels by hand."""
        return {passage.id: self.labelled(passage.text) for passage in self.passages}

    def labelled(self, text: str) -> Assessment:
        """The caveats whose words stand in a text."""
        caveats = [
            Caveat(kind, tuple(Span(text.index(word), text.index(word) + len(word)) for word in words if word in text))
            for kind, words in self.WORDS.items()
            if any(word in text for word in words)
        ]
        return Assessment("en", "sell" if "Order" in text else "none", ("animal",), "benefit", "yes", ordered(caveats))


def write_corpus(folder: Path) -> Path:
    """Three documents about zinc, one of them hostile, and two questions."""
    folder.mkdir(exist_ok=True)
    (folder / "shop").mkdir()
    (folder / "shop" / "zinc drops.txt").write_text(DROPS, "utf-8")
    (folder / "dressing.txt").write_text(f"Zinc dressings\n\n{DRESSING}\n\nLeave a Reply\n", "utf-8")
    (folder / "tricky.txt").write_text(TRICKY, "utf-8")
    (folder / "sources.toml").write_text(
        """
[[document]]
file = "shop/zinc drops.txt"
language = "en"
title = "Zinc drops <b>for sale</b>"
author = "Ann & Co"
published = "2021-05"
kind = "shop"
url = "javascript:alert(3)"
[[document]]
file = "dressing.txt"
language = "en"
kind = "guideline"
[[document]]
file = "tricky.txt"
language = "en"
title = "Tricky \u202etitle"
""",
        "utf-8",
    )
    (folder / "questions.jsonl").write_text(
        '{"id":"1","lang":"en","kind":"same","question":"How are zinc dressings changed?",'
        '"gold":[{"doc":"dressing","quote":"changed every day"}]}\n'
        '{"id":"2","lang":"en","kind":"same","question":"Do zinc drops calm itching?",'
        '"gold":[{"doc":"shop/zinc drops","quote":"Zinc drops calm"}]}\n'
        '{"id":"3","lang":"en","kind":"none","question":"Who won the cup?","gold":[],"topic":"off"}\n'
        "this line is broken\n",
        "utf-8",
    )
    return folder
