"""Is a difference between two runs more than chance? The paired randomisation test (Smucker et al. 2007), seeded."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from qa.evaluation.intervals import SEED

PERMUTATIONS = 10_000
_EXACT = 12  # up to so many differing pairs every assignment of signs is tried: at most 4,096


def p_value(before: Sequence[float], after: Sequence[float]) -> float:
    """Two-sided p: how often swapping runs at random, question by question, gives a mean difference as large.

    Exact where few questions differ; else from 10,000 swaps, the observed one counted with them.
    """
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    differences = differences[differences != 0]
    if not len(differences):
        return 1.0
    observed = abs(differences.sum()) - 1e-9
    if len(differences) <= _EXACT:
        sums = np.array([np.dot(signs, differences) for signs in product((1, -1), repeat=len(differences))])
        return round(float((np.abs(sums) >= observed).mean()), 4)
    random = np.random.default_rng((SEED, len(differences)))
    signs = random.integers(0, 2, (PERMUTATIONS, len(differences)), dtype=np.int8) * 2 - 1
    sums = np.einsum("pn,n->p", signs.astype(np.float64), differences)
    return round(float((np.count_nonzero(np.abs(sums) >= observed) + 1) / (PERMUTATIONS + 1)), 4)
