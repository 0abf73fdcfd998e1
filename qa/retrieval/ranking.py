"""The second look at BM25's best passages: one linear score over a dozen plain observations, in any language.

BM25 counts words wherever they stand, and its scores in two languages are not on one scale. Here every passage is asked
the same questions: how much of the query does it hold, how much of it in one sentence, through the very words or only
near ones, is it about what the question is about, does it tell the sort of fact that is asked, how well does its whole
document fit. The answers are shares from 0 to 1, so lists of several languages fuse by sorting. The weights are in
`ranking.toml`, trained by `python -m qa.evaluation.training`; they can be read.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from operator import mul
from pathlib import Path
from typing import NamedTuple

from qa.documents.passages import Passage
from qa.errors import DataError
from qa.language.files import read_toml
from qa.language.unknown import UNKNOWN
from qa.retrieval.facts import told
from qa.retrieval.fusion import Hit
from qa.retrieval.profiles import Profile
from qa.retrieval.query import Concept
from qa.retrieval.variants import DIRECT

WEIGHTS = Path(__file__).parent / "ranking.toml"
_CERTAIN = 0.4  # weight from which a variant found counts as the concept found
_MANY = 6
_NEAR_BY = 0.2  # weight from which a variant found may be the neighbour of another concept
_IN_ORDER = 3  # words
_SIDE_BY_SIDE = 8  # words
TOLL = 0.12  # of the way from the first to the tenth score, for each earlier passage of the same language
_FIRST = 10
_WITHIN_REACH = 25

OBSERVATIONS: Mapping[str, str] = {
    "share of best": "BM25 score beside the best of its language",
    "reach": "BM25 score beside that of a passage with all of the question, words that no text has included",
    "closeness": "idf-weighted share of the query in its best sentence",
    "direct closeness": "the same, through the very words and their translations alone",
    "on topic": "share of the question's topics that it names",
    "off topic": "the question names a topic, the passage none of it",
    "tells": "tells a fact of the sort that is asked",
    "does not tell": "a sort of fact is asked that it does not tell",
    "concepts": "share of the question's concepts that it holds",
    "many concepts": "how many they are, up to six",
    "phrases": "phrases of the question found whole",
    "near words": "share of concepts met through synonyms or everyday words",
    "in order": "idf-weighted share of neighbours in the question that follow each other, up to three words on",
    "side by side": "the same, within eight words in either order",
    "document": "how well the three best passages of its document fit, beside the best document",
}


@dataclass(frozen=True)
class Candidate:
    """A passage from one language's list, with its BM25 score and where it holds the terms of the query."""

    passage: Passage
    score: float
    profile: Profile


@dataclass(frozen=True)
class CandidateList:
    """One language's list with what is needed to judge it: the concepts that have a group there, and their gains.

    `gains[i]` is the idf-weighted worth of `concepts[i]` in this language; `whole` the worth of the question with the
    concepts that no text of it has; `topics` the terms documents of this language are about.
    """

    code: str
    concepts: Sequence[Concept]
    gains: Sequence[float]
    whole: float
    topics: frozenset[str]
    candidates: Sequence[Candidate]


def rank(lists: Sequence[CandidateList], asked: frozenset[str], content: int) -> list[Hit]:
    """All candidates, best first. `asked`: facts the question asks for; `content`: its concepts that are no frame."""
    observed = observations(lists, asked, content)
    weights = load_weights()
    hits = [
        Hit(candidate.passage, sum(map(mul, weights, values)), tuple(values), profile=candidate.profile)
        for candidate, values in observed
    ]
    return mixed(sorted(hits, key=lambda hit: -hit.score))


def mixed(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, the first ten picked one by one with a small toll on languages already there.

    Of two passages that answer about equally well in two languages, both belong among the first; without the toll the
    surer list pushes the other's best passage behind its own tenth. The first place is never touched.
    """
    if len(hits) < 2:
        return list(hits)
    toll = TOLL * (hits[0].score - hits[min(_FIRST, len(hits)) - 1].score)
    waiting: dict[str | None, deque[int]] = {}
    first = hits[0].passage.language
    for place, hit in enumerate(hits[:_WITHIN_REACH]):  # no known language: none to be made room for
        waiting.setdefault(hit.passage.language or first, deque()).append(place)
    picked: dict[int, Hit] = {}
    paid = dict.fromkeys(waiting, 0.0)
    while waiting and len(picked) < _FIRST:
        code = max(waiting, key=lambda code: (hits[waiting[code][0]].score - paid[code], -waiting[code][0]))
        place = waiting[code].popleft()
        picked[place] = hits[place]
        paid[code] += toll
        if not waiting[code]:
            del waiting[code]
    return [*picked.values(), *(hit for place, hit in enumerate(hits) if place not in picked)]


def observations(
    lists: Sequence[CandidateList], asked: frozenset[str], content: int
) -> list[tuple[Candidate, list[float]]]:
    """Every candidate with its observations, in the order of OBSERVATIONS and of the lists."""
    fits: dict[str, list[float]] = {}
    for listed in lists:
        for candidate in listed.candidates:
            fits.setdefault(candidate.passage.document.id, []).append(candidate.score / (listed.whole or 1.0))
    documents = {name: sum(sorted(values)[-3:]) for name, values in fits.items()}
    best_document = max(documents.values(), default=0.0) or 1.0
    found = []
    for listed in lists:
        rivals = lists if listed.code == UNKNOWN else (listed,)  # a list of strays has no best of its own
        best = max((candidate.score for each in rivals for candidate in each.candidates), default=0.0) or 1.0
        judge = _Judge(listed)
        for candidate in listed.candidates:
            facts = told(candidate.passage.text, listed.code) if asked else frozenset()
            seen = judge.look(candidate.profile)
            found.append(
                (
                    candidate,
                    [
                        candidate.score / best,
                        candidate.score / (listed.whole or 1.0),
                        seen.closeness,
                        seen.direct_closeness,
                        seen.topic_share,
                        float(seen.off_topic),
                        min(len(asked & facts), 2) / 2,
                        min(len(asked - facts), 2) / 2,
                        seen.concepts / max(content, 1),
                        min(seen.concepts, _MANY) / _MANY,
                        min(seen.phrases, 2) / 2,
                        seen.near / max(content, 1),
                        seen.in_order,
                        seen.side_by_side,
                        documents[candidate.passage.document.id] / best_document,
                    ],
                )
            )
    return found


@dataclass
class _Seen:
    closeness: float = 0.0
    direct_closeness: float = 0.0
    topic_share: float = 0.5
    off_topic: bool = False
    concepts: int = 0
    phrases: int = 0
    near: int = 0
    in_order: float = 0.0
    side_by_side: float = 0.0


class _Sought(NamedTuple):
    """One variant of one concept, as a passage is asked for it."""

    concept: int  # number of the concept among those of its list
    place: int  # among the concept's variants, strongest first
    value: float
    certain: bool
    phrase: bool
    near_by: bool  # strong enough to stand beside another concept
    direct: bool


class _Judge:
    """Looks at the passages of one list."""

    def __init__(self, listed: CandidateList) -> None:
        self.ideal = sum(listed.gains)
        self._concepts: list[tuple[float, bool, bool]] = []  # gain, frame, topical
        self._sought: dict[str, list[_Sought]] = {}
        for number, (concept, gain) in enumerate(zip(listed.concepts, listed.gains, strict=True)):
            topical = False
            for place, (term, weight, via) in enumerate(concept.variants[listed.code]):
                certain = weight >= _CERTAIN
                topical = topical or (certain and term in listed.topics and not concept.faint)
                sought = _Sought(number, place, gain * weight, certain, "_" in term, weight >= _NEAR_BY, via in DIRECT)
                self._sought.setdefault(term, []).append(sought)
            self._concepts.append((gain, concept.frame, topical))
        gains = [gain for gain, _, _ in self._concepts]
        self._pairs = [min(pair) for pair in pairwise(gains)]  # the worth of each concept beside the next
        self._topical = sum(gain for gain, _, topical in self._concepts if topical)

    def look(self, profile: Profile) -> _Seen:
        """One passage against all concepts."""
        met = [
            (sought, where.sentences, where.places)
            for term, where in profile.terms.items()
            for sought in self._sought.get(term, ())
        ]
        places: dict[int, list[int]] = {}
        every, direct = [0.0] * profile.size, [0.0] * profile.size
        seen = _Seen()
        on_topic = 0.0
        for number, variants in groupby(sorted(met), key=lambda pair: pair[0].concept):
            covered = 0
            certain = phrase = near = False
            for sought, where, at in variants:
                if sought.near_by:
                    places.setdefault(number, []).extend(at)
                certain = certain or sought.certain
                phrase = phrase or sought.phrase
                near = near or not sought.direct
                new = where & ~covered
                covered |= where
                while new:
                    sentence = (new & -new).bit_length() - 1
                    new &= new - 1
                    every[sentence] += sought.value
                    if sought.direct:
                        direct[sentence] += sought.value
            gain, frame, topical = self._concepts[number]
            if not frame:
                seen.concepts += certain
                seen.phrases += phrase
                seen.near += near
            if topical and certain:
                on_topic += gain
        if self.ideal:
            seen.closeness = max(every, default=0.0) / self.ideal
            seen.direct_closeness = max(direct, default=0.0) / self.ideal
        self._look_at_neighbours(places, seen)
        if self._topical:
            seen.topic_share = on_topic / self._topical
            seen.off_topic = on_topic == 0
        return seen

    def _look_at_neighbours(self, places: Mapping[int, list[int]], seen: _Seen) -> None:
        """Which concepts that follow each other in the question stand together here; `places`: words by concept."""
        whole = sum(self._pairs)
        for number, worth in enumerate(self._pairs):
            if number in places and number + 1 in places:
                apart = [later - earlier for earlier in places[number] for later in places[number + 1]]
                seen.in_order += worth / whole * any(0 < distance <= _IN_ORDER for distance in apart)
                seen.side_by_side += worth / whole * any(0 < abs(distance) <= _SIDE_BY_SIDE for distance in apart)


@cache
def load_weights() -> tuple[float, ...]:
    """The trained weights in the order of OBSERVATIONS; raises DataError when the file does not fit them."""
    table = read_toml(WEIGHTS)
    if set(table) != set(OBSERVATIONS):
        wrong = ", ".join(sorted(set(table) ^ set(OBSERVATIONS)))
        raise DataError(f"{WEIGHTS.name}: does not fit the observations ({wrong}); train again")
    return tuple(float(table[name]) for name in OBSERVATIONS)
