"""One ranked list per passage language becomes one ranked list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.documents.passages import Passage
from qa.retrieval.profiles import NO_PROFILE, Profile

BALANCE = 0.75


@dataclass(frozen=True)
class Hit:
    """A passage retrieved for a query, with its score (comparable within one list only).

    `observations` are what the second look saw, in the order of `ranking.OBSERVATIONS`; empty when it was off.
    `profile`, where the passage holds the terms of the query, goes with them.
    """

    passage: Passage
    score: float
    observations: tuple[float, ...] = ()
    profile: Profile = field(default=NO_PROFILE, kw_only=True, repr=False, compare=False)


def fuse(lists: Mapping[str, Sequence[Hit]], balance: float = BALANCE) -> list[Hit]:
    """All hits, best first; equal scores in the order of the lists.

    Scores of two languages are not on one scale: a translated query has more variants and less certain ones, so its
    whole list lies lower. Each list is divided by its best score to the power `balance`: 0 pools the raw scores, 1 lets
    every language's best passage tie for the first place. In between the surer list still leads, and the other's best
    passages follow it closely instead of trailing behind its tenth.
    """
    scaled = []
    for hits in lists.values():
        best = max((hit.score for hit in hits), default=0.0)
        scaled += [Hit(hit.passage, hit.score / best**balance) for hit in hits if best > 0]
    return sorted(scaled, key=lambda hit: -hit.score)
