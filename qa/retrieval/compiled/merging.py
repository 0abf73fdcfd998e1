# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-def, no-untyped-call, untyped-decorator"
"""The variants of one concept as one list, in either of two ways that give the same."""

import numpy as np

from qa.retrieval.compiled.decorator import compiled

_WINDOW = 4096  # passages of the collection at a time
_STEP = 10  # looking at one list for one passage costs as much as going over so many passages of the collection


@compiled
def merged(passages, counts, norms, spans, weights):
    """Variants of one concept, the strongest first, as one list.

    (passages, weighted counts, impacts, how many passages each variant is first to, the largest impact)
    """
    variants = len(weights)
    total = 0
    for row in range(variants):
        total += spans[row, 1] - spans[row, 0]
    found, frequencies = np.empty(total, np.int32), np.empty(total, np.float64)
    fresh = np.zeros(variants, np.int64)
    if total * variants * _STEP > len(norms):
        size = _merged_in_windows(passages, counts, len(norms), spans, weights, found, frequencies, fresh)
    else:
        size = _merged_in_step(passages, counts, spans, weights, found, frequencies, fresh)
    found, frequencies = found[:size], frequencies[:size]
    shares, most = np.empty(size, np.float32), 0.0
    for each in range(size):
        share = frequencies[each] / (frequencies[each] + norms[found[each]])
        shares[each] = share
        most = max(most, share)
    return found, frequencies, shares, fresh, most


@compiled
def _merged_in_step(passages, counts, spans, weights, found, frequencies, fresh):
    """Passage by passage, looking at all lists for each: for few and short ones."""
    variants = len(weights)
    cursors = spans[:, 0].copy()
    size = 0
    while True:
        least = np.int32(2147483647)
        for row in range(variants):
            if cursors[row] < spans[row, 1] and passages[cursors[row]] < least:
                least = passages[cursors[row]]
        if least == 2147483647:
            return size
        amount, first = 0.0, -1
        for row in range(variants):
            at = cursors[row]
            if at < spans[row, 1] and passages[at] == least:
                amount += weights[row] * counts[at]
                cursors[row] = at + 1
                if first < 0:
                    first = row
        fresh[first] += 1
        found[size], frequencies[size] = least, amount
        size += 1


@compiled
def _merged_in_windows(passages, counts, collection, spans, weights, found, frequencies, fresh):
    """List by list, over one stretch of the collection after the other."""
    variants = len(weights)
    cursors = spans[:, 0].copy()
    sums, held = np.zeros(_WINDOW), np.zeros(_WINDOW, np.uint8)
    eights = held.view(np.uint64)
    size, one = np.uint64(0), np.uint8(1)
    for base in range(0, collection, _WINDOW):
        origin = np.uint64(base)
        for row in range(variants):
            weight, new = weights[row], np.int64(0)
            at, end = cursors[row], spans[row, 1]
            while at < end and passages[at] < base + _WINDOW:
                here = np.uint64(passages[at]) - origin
                sums[here] += weight * counts[at]
                new += one - held[here]
                held[here] = one
                at += 1
            cursors[row] = at
            fresh[row] += new
        for eight in range(np.uint64(0), np.uint64(len(eights))):
            if eights[eight] == np.uint64(0):
                continue
            for place in range(np.uint64(8) * eight, np.uint64(8) * eight + np.uint64(8)):
                if held[place]:
                    found[size], frequencies[size] = origin + place, sums[place]
                    size += np.uint64(1)
                    sums[place] = 0.0
            eights[eight] = np.uint64(0)
    return np.int64(size)
