"""The best of many scores, without sorting more than it must: the standard order is by falling score, then number."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.signedinteger]


def best(numbers: Numbers, scores: Floats, limit: int) -> tuple[Numbers, Floats]:
    """Of passages in ascending order the `limit` best, by falling score, then number; sorts no more than it must."""
    if len(scores) > 4 * limit:
        kept = (scores >= _last_of_best(scores, limit)).nonzero()[0]
        numbers, scores = numbers[kept], scores[kept]
    order = (-scores).argsort(kind="stable")[:limit]
    return numbers[order], scores[order]


def once(numbers: Numbers, scores: Floats, limit: int) -> tuple[Numbers, Floats]:
    """Of passages that may be named several times, at least those in the best `limit` places, once each, ascending."""
    if len(scores) > limit:
        kept = scores >= _last_of_best(scores, limit)
        numbers, scores = numbers[kept], scores[kept]
    numbers, first = np.unique(numbers, return_index=True)
    return numbers, scores[first]


def _last_of_best(scores: Floats, limit: int) -> float:
    """The least of the `limit` largest of more scores."""
    place = len(scores) - limit
    parted = scores.copy()
    parted.partition(place)
    return float(parted[place])
