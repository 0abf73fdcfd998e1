"""Why a passage was chosen, as drawn under "Why this passage?": whole numbers that still add up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.explanation import ConceptPart, Explanation, Found
from qa.answering.interpretation import belongs, searched
from qa.retrieval.query import Query
from web.words import Words

MOST_FOUND = 3


@dataclass(frozen=True)
class Standing:
    """What stands for a word in the passage: its text, how it is related ("" for the word itself), and where."""

    text: str
    relation: str
    where: str


@dataclass(frozen=True)
class Share:
    """A word of the question with its share of what the words bring in, in per cent."""

    percent: int
    text: str
    earlier: bool
    found: tuple[Standing, ...]


@dataclass(frozen=True)
class Reasons:
    """The shares add up to 100 with `other`, what words of asking bring in; the points, written out, to the score."""

    shares: tuple[Share, ...]
    other: int
    absent: tuple[str, ...]
    score: str
    points: str


def reasons(explanation: Explanation, query: Query, words: Words) -> Reasons:
    """An explanation in the words of the interface, a row for each word or phrase that was searched."""
    rows = [(text, [p for p in explanation.concepts if belongs(p.concept, text)]) for text in searched(query)]
    found = [(text, parts) for text, parts in rows if any(part.found for part in parts)]
    found.sort(key=lambda row: -sum(part.share for part in row[1]))
    told = {id(part) for _, parts in found for part in parts}
    rest = sum(part.share for part in explanation.concepts if id(part) not in told)
    *percents, other = whole_numbers([*(100 * sum(p.share for p in parts) for _, parts in found), 100 * rest])
    shown = [_share(*row, percent, words) for row, percent in zip(found, percents, strict=True) if percent]
    groups = explanation.groups
    tenths = whole_numbers([10 * value for value in groups.values()])
    return Reasons(
        shares=tuple(shown),
        other=other,
        absent=tuple(text for text, parts in rows if not any(part.found for part in parts)),
        score=words.tenths(sum(tenths)),
        points=_sum(
            [(words(f"because.points.{name}"), tenth) for name, tenth in zip(groups, tenths, strict=True)], words
        ),
    )


def whole_numbers(values: Sequence[float]) -> list[int]:
    """The values rounded so that they add up to their rounded sum: those with most to lose are rounded up first."""
    low = [math.floor(value) for value in values]
    left = round(sum(values)) - sum(low)
    by_loss = sorted(range(len(low)), key=lambda at: low[at] - values[at])
    return [number + (at in by_loss[:left]) for at, number in enumerate(low)]


def _sum(points: Sequence[tuple[str, int]], words: Words) -> str:
    """The points that are not nothing, as a sum in words: "words 5.3 + topic 0.6 − fact asked for 0.3"."""
    signed = [f"{'−' if value < 0 else '+'} {name} {words.tenths(abs(value))}" for name, value in points if value]
    return " ".join(signed).removeprefix("+ ")


def _share(text: str, parts: Sequence[ConceptPart], percent: int, words: Words) -> Share:
    best = sorted((each for part in parts for each in part.found), key=lambda each: -each.variant.weight)
    listed: list[Found] = []
    for each in best:
        if not any(_says(other, each) for other in listed):
            listed = [other for other in listed if not _says(each, other)] + [each]
    standing = tuple(_standing(each, words) for each in listed[:MOST_FOUND])
    return Share(percent, text, all(part.concept.earlier for part in parts), standing)


def _says(found: Found, other: Found) -> bool:
    """Whether a variant found says all that another one does: as much of the text, in as many sentences."""
    return other.text.lower() in found.text.lower() and set(other.sentences) <= set(found.sentences)


def _standing(found: Found, words: Words) -> Standing:
    via = found.variant.via
    where = ", ".join(map(str, found.sentences)) if found.sentences != (0,) else words("because.heading")
    return Standing(" ".join(found.text.split()), "" if via == "word" else words(f"because.via.{via}"), where)
