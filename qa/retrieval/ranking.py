"""The second look at BM25's best passages: one linear score over a dozen plain observations, in any language.

BM25 counts words wherever they stand, and its scores in two languages are not on one scale. Here every passage is asked
the same questions: how much of the query does it hold, how much of it in one sentence, through the very words or only
near ones, is it about what the question is about, does it tell the sort of fact that is asked, how well does its whole
document fit. The answers are shares from 0 to 1, so lists of several languages fuse by sorting. The weights are in
`ranking.toml`, trained by `python -m qa.evaluation.training`; they can be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from qa.documents.passages import Passage
from qa.errors import DataError
from qa.language.files import read_toml
from qa.language.sentences import sentences
from qa.retrieval.facts import told
from qa.retrieval.fusion import Hit
from qa.retrieval.query import DIRECT, Concept
from qa.retrieval.terms import index_terms

WEIGHTS = Path(__file__).parent / "ranking.toml"
_CERTAIN = 0.4  # weight from which a variant found counts as the concept found
_MANY = 6
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
    "document": "how well the three best passages of its document fit, beside the best document",
}


@dataclass(frozen=True)
class Candidate:
    """A passage from one language's list, with its BM25 score."""

    passage: Passage
    score: float


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
        Hit(candidate.passage, sum(w * value for w, value in zip(weights, values, strict=True)), tuple(values))
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
    left = list(hits)
    picked: list[Hit] = []
    toll = TOLL * (hits[0].score - hits[min(_FIRST, len(hits)) - 1].score)
    counts: dict[str | None, int] = {}
    while left and len(picked) < _FIRST:
        best = max(left[:_WITHIN_REACH], key=lambda hit: hit.score - toll * counts.get(hit.passage.language, 0))
        left.remove(best)
        picked.append(best)
        counts[best.passage.language] = counts.get(best.passage.language, 0) + 1
    return picked + left


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
        best = max((candidate.score for candidate in listed.candidates), default=0.0) or 1.0
        judge = _Judge(listed)
        for candidate in listed.candidates:
            facts = told(candidate.passage.text, listed.code) if asked else frozenset()
            seen = judge.look(candidate.passage)
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


class _Judge:
    """Looks at the passages of one list."""

    def __init__(self, listed: CandidateList) -> None:
        self._code = listed.code
        self.ideal = sum(listed.gains)
        self._rows = [
            (
                gain,
                concept.frame,
                any(v.term in listed.topics and v.weight >= _CERTAIN for v in concept.variants[listed.code]),
                concept.variants[listed.code],
            )
            for concept, gain in zip(listed.concepts, listed.gains, strict=True)
        ]
        self._topical = sum(gain for gain, _, topical, _ in self._rows if topical)

    def look(self, passage: Passage) -> _Seen:
        """One passage against all concepts."""
        profile, size = sentence_profile(passage.text, self._code)
        every, direct = [0.0] * size, [0.0] * size
        seen = _Seen()
        on_topic = 0.0
        for gain, frame, topical, variants in self._rows:
            covered = 0
            certain = phrase = near = False
            for variant in variants:
                where = profile.get(variant.term, 0)
                if not where:
                    continue
                certain = certain or variant.weight >= _CERTAIN
                phrase = phrase or "_" in variant.term
                near = near or variant.via not in DIRECT
                new = where & ~covered
                covered |= where
                value = gain * variant.weight
                for number in range(size):
                    if new >> number & 1:
                        every[number] += value
                        if variant.via in DIRECT:
                            direct[number] += value
            if covered and not frame:
                seen.concepts += certain
                seen.phrases += phrase
                seen.near += near
            if covered and topical and certain:
                on_topic += gain
        if self.ideal:
            seen.closeness = max(every, default=0.0) / self.ideal
            seen.direct_closeness = max(direct, default=0.0) / self.ideal
        if self._topical:
            seen.topic_share = on_topic / self._topical
            seen.off_topic = on_topic == 0
        return seen


@lru_cache(maxsize=20_000)
def sentence_profile(text: str, code: str) -> tuple[dict[str, int], int]:
    """Index term → the sentences of a passage that hold it, one bit each; and how many sentences there are."""
    spans = sentences(text, code)
    profile: dict[str, int] = {}
    for number, (start, end) in enumerate(spans):
        for term in index_terms(text[start:end], code):
            profile[term] = profile.get(term, 0) | 1 << number
    return profile, len(spans)


@cache
def load_weights() -> tuple[float, ...]:
    """The trained weights in the order of OBSERVATIONS; raises DataError when the file does not fit them."""
    table = read_toml(WEIGHTS)
    if set(table) != set(OBSERVATIONS):
        wrong = ", ".join(sorted(set(table) ^ set(OBSERVATIONS)))
        raise DataError(f"{WEIGHTS.name}: does not fit the observations ({wrong}); train again")
    return tuple(float(table[name]) for name in OBSERVATIONS)
