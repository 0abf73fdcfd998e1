# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-def, no-untyped-call, untyped-decorator"
"""The embedded engine's inner loops, compiled by numba (extra `[fast]`): MaxScore over windows of passages.

Every score is the sum that `qa.retrieval.bm25` makes without numba, term by term in the order of the query, so that
the two agree bit for bit; what is skipped could not have reached the best. Turtle & Flood 1995 (MaxScore); the windows,
after Lucene's bulk scorer, keep what is being added up in the processor's nearest cache.
"""

import numba
import numpy as np

_WINDOW = 4096
_SLACK = 1.0 + 1e-5  # seven digits, and sums in another order, differ by less: a bound is only trusted beyond it

_PROBE = 16  # looking a passage up in a list costs as much as adding up so many of its entries

_compiled = numba.njit(cache=True, nogil=True, error_model="numpy")


@_compiled
def impacts(starts, passages, counts, norms):
    """(count / (count + norm) of every posting, to seven digits; for each term the largest of them)."""
    shares = np.empty(len(passages), np.float32)
    peaks = np.zeros(len(starts) - 1)
    for term in range(len(peaks)):
        most = np.float32(0.0)
        for at in range(starts[term], starts[term + 1]):
            count = np.float64(counts[at])
            share = np.float32(count / (count + norms[passages[at]]))
            shares[at] = share
            most = max(most, share)
        peaks[term] = most
    return shares, peaks


@_compiled
def merged(passages, counts, norms, spans, weights):
    """Variants of one concept, the strongest first, as one list.

    (passages, weighted counts, impacts, how many passages each variant is first to, the largest impact)
    """
    variants = len(weights)
    total = 0
    for row in range(variants):
        total += spans[row, 1] - spans[row, 0]
    found, frequencies = np.empty(total, np.int32), np.empty(total, np.float64)
    shares = np.empty(total, np.float32)
    fresh = np.zeros(variants, np.int64)
    cursors = spans[:, 0].copy()
    size, most = 0, 0.0
    while True:
        least = np.int32(2147483647)
        for row in range(variants):
            if cursors[row] < spans[row, 1] and passages[cursors[row]] < least:
                least = passages[cursors[row]]
        if least == 2147483647:
            return found[:size], frequencies[:size], shares[:size], fresh, most
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
        share = amount / (amount + norms[least])
        shares[size] = share
        most = max(most, share)
        size += 1


@_compiled
def _seek(passages, low, high, wanted):
    """The first place from `low` on, before `high`, whose passage is not below `wanted`; by doubling steps."""
    step = 1
    while low + step < high and passages[low + step] < wanted:
        low += step
        step *= 2
    high = min(high, low + step + 1)
    while low < high:
        middle = (low + high) // 2
        if passages[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def _before(scores, numbers, left, right):
    """Whether the hit at `left` ranks behind the one at `right`: less score, or as much and a higher number."""
    return scores[left] < scores[right] or (scores[left] == scores[right] and numbers[left] > numbers[right])


@_compiled
def _keep(scores, numbers, size, limit, score, number):
    """Puts a hit into the heap of the best, whose root is the worst of them; returns the heap's size."""
    if size < limit:
        at = size
        scores[at], numbers[at] = score, number
        while at and _before(scores, numbers, at, (at - 1) // 2):
            above = (at - 1) // 2
            scores[at], scores[above] = scores[above], scores[at]
            numbers[at], numbers[above] = numbers[above], numbers[at]
            at = above
        return size + 1
    if score < scores[0] or (score == scores[0] and number > numbers[0]):
        return size
    scores[0], numbers[0] = score, number
    at = 0
    while True:
        worst = at
        for below in (2 * at + 1, 2 * at + 2):
            if below < size and _before(scores, numbers, below, worst):
                worst = below
        if worst == at:
            return size
        scores[at], scores[worst] = scores[worst], scores[at]
        numbers[at], numbers[worst] = numbers[worst], numbers[at]
        at = worst


@_compiled
def _add(passages, shares, at, stop, base, gain, weight, sums):
    """Adds the shares of a stretch of one list to the window's sums."""
    gain32, weight32, one, origin = np.float32(gain), np.float32(weight), np.float32(1.0), np.uint64(base)
    if weight == 1.0:
        for each in range(at, stop):
            sums[np.uint64(passages[each]) - origin] += gain32 * shares[each]
    else:  # of count / (count + norm) one gets to weight * count / (weight * count + norm) without the norm
        for each in range(at, stop):
            share = weight32 * shares[each]
            sums[np.uint64(passages[each]) - origin] += gain32 * (share / (share + one - shares[each]))


@_compiled
def _above(sums, least, likely, about):
    """Collects the places of the window whose sums are above `least`, with these, and makes all sums 0 again."""
    found, step = 0, 128
    for low in range(0, len(sums), step):
        high = min(low + step, len(sums))
        above = 0
        for here in range(low, high):  # free of branches, so that the processor compares many at a time
            above += sums[here] > least
        if above:
            for here in range(low, high):
                if sums[here] > least:
                    likely[found], about[found] = here, sums[here]
                    found += 1
    sums[:] = np.float32(0.0)
    return found


@_compiled
def _reached(about, found, limit, heap):
    """What the `limit` best of the window's passages have come to at least; 0 where it has fewer."""
    if found < limit:
        return 0.0
    for each in range(limit):  # a heap of the best so far, whose root is the least of them
        at, value = each, about[each]
        while at and heap[(at - 1) // 2] > value:
            heap[at] = heap[(at - 1) // 2]
            at = (at - 1) // 2
        heap[at] = value
    for each in range(limit, found):
        value = about[each]
        if value <= heap[0]:
            continue
        at = 0
        while True:
            below = 2 * at + 1
            if below + 1 < limit and heap[below + 1] < heap[below]:
                below += 1
            if below >= limit or heap[below] >= value:
                break
            heap[at] = heap[below]
            at = below
        heap[at] = value
    return np.float64(heap[0]) / _SLACK


@_compiled
def _part(passages, amounts, low, high, number, norm, gain, weight):
    """What one list adds to the score of a passage, exactly."""
    at = _seek(passages, low, high, number)
    if at < high and passages[at] == number:
        frequency = weight * amounts[at]
        return gain * (frequency / (frequency + norm))
    return 0.0


@_compiled
def best(passages, counts, shares, norms, own, own_counts, own_shares, places, factors, limit):
    """The best `limit` passages: (numbers, scores), best first, ties by number.

    `places` has a row (first, end, 1 for a list in `own`, 0 for one in `passages`) for each concept, `factors` a row
    (weight of a count, gain, most that a passage makes of it).
    """
    lists = len(places)
    order = np.argsort(-factors[:, 2], kind="mergesort")
    rest = np.zeros(lists + 1)
    for at in range(lists - 1, -1, -1):
        rest[at] = rest[at + 1] + factors[order[at], 2]
    lengths = np.zeros(lists + 1, np.int64)
    for at in range(lists):
        lengths[at + 1] = lengths[at] + places[order[at], 1] - places[order[at], 0]
    cursors = places[:, 0].copy()
    opened = places[:, 0].copy()
    scores, numbers = np.empty(limit), np.empty(limit, np.int32)
    size, floor = 0, 0.0
    window = min(_WINDOW, len(norms))
    sums, about, likely = (
        np.zeros(window, np.float32),
        np.empty(window, np.float32),
        np.empty(window, np.int32),
    )
    heap = np.empty(limit, np.float32)
    leading = lists
    while True:
        while leading and size == limit and rest[leading - 1] * _SLACK < floor:
            if lengths[leading] - lengths[leading - 1] < _PROBE * lengths[leading - 1]:
                break
            leading -= 1
        base = np.int64(len(norms))
        for rank in range(leading):
            row = order[rank]
            if cursors[row] < places[row, 1]:
                first = own[cursors[row]] if places[row, 2] else passages[cursors[row]]
                base = min(base, np.int64(first))
        if base >= len(norms):
            break
        stop = base + window
        added = 0
        for rank in range(leading):
            row = order[rank]
            at, end, weight, gain = cursors[row], places[row, 1], factors[row, 0], factors[row, 1]
            if places[row, 2]:
                cursors[row] = _seek(own, at, end, stop)
                _add(own, own_shares, at, cursors[row], base, gain, weight, sums)
            else:
                cursors[row] = _seek(passages, at, end, stop)
                _add(passages, shares, at, cursors[row], base, gain, weight, sums)
            opened[row] = at
            added += cursors[row] - at
        least = np.float32((floor / _SLACK - rest[leading]) / _SLACK if size == limit else 0.0)
        if added * 8 > window:
            found = _above(sums, least, likely, about)
        else:
            found = 0
            for rank in range(leading):
                row = order[rank]
                listed = own if places[row, 2] else passages
                for at in range(opened[row], cursors[row]):
                    here = np.uint64(listed[at]) - np.uint64(base)
                    score = sums[here]
                    sums[here] = np.float32(0.0)
                    if score > least:
                        likely[found], about[found] = here, score
                        found += 1
        if found and leading < lists:
            for rank in range(leading, lists):
                row = order[rank]
                listed = own if places[row, 2] else passages
                cursors[row] = opened[row] = _seek(listed, cursors[row], places[row, 1], base)
        # No passage below what this window's own best have reached can be among the best of all.
        bar = max(floor, _reached(about, found, limit, heap))
        for each in range(found):
            score = np.float64(about[each])
            if (score + rest[leading]) * _SLACK < bar:
                continue
            number = np.int32(base + likely[each])
            norm = norms[number]
            for rank in range(leading, lists):
                row = order[rank]
                low, high, weight, gain = opened[row], places[row, 1], factors[row, 0], factors[row, 1]
                if places[row, 2]:
                    score += _part(own, own_counts, low, high, number, norm, gain, weight)
                else:
                    score += _part(passages, counts, low, high, number, norm, gain, weight)
                if (score + rest[rank + 1]) * _SLACK < bar:
                    break
            if score * _SLACK < bar:
                continue
            exact = 0.0
            for row in range(lists):
                low, high, weight, gain = opened[row], places[row, 1], factors[row, 0], factors[row, 1]
                if places[row, 2]:
                    exact += _part(own, own_counts, low, high, number, norm, gain, weight)
                else:
                    exact += _part(passages, counts, low, high, number, norm, gain, weight)
            size = _keep(scores, numbers, size, limit, exact, number)
            if size == limit:
                floor = scores[0]
                bar = max(bar, floor)
    numbers, scores = numbers[:size], scores[:size]
    by_number = np.argsort(numbers, kind="mergesort")
    numbers, scores = numbers[by_number], scores[by_number]
    by_score = np.argsort(-scores, kind="mergesort")
    return numbers[by_score], scores[by_score]


@_compiled
def best_of_terms(starts, passages, counts, shares, peaks, norms, gains, terms, limit):
    """The best `limit` passages for a bag of terms, given by their numbers: (numbers, scores) as `best` gives them."""
    places, factors = np.empty((len(terms), 3), np.int64), np.empty((len(terms), 3))
    for row in range(len(terms)):
        term = terms[row]
        places[row, 0], places[row, 1], places[row, 2] = starts[term], starts[term + 1], 0
        factors[row, 0], factors[row, 1], factors[row, 2] = 1.0, gains[term], gains[term] * peaks[term]
    own, own_counts, own_shares = np.empty(0, np.int32), np.empty(0), np.empty(0, np.float32)
    return best(passages, counts, shares, norms, own, own_counts, own_shares, places, factors, limit)
