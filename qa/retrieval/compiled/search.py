# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-def, no-untyped-call, untyped-decorator"
"""The best passages of a query: MaxScore over windows of passages.

What is skipped could not have reached the best. Turtle & Flood 1995 (MaxScore); the windows, after Lucene's bulk
scorer, keep what is being added up in a cache near the processor.
"""

import numpy as np

from qa.retrieval.compiled.decorator import compiled

_WINDOW = 8192  # passages added up at a time, at most
_FIRST = 512  # and in the first window: the sooner it is known what the best have come to, the less is looked at
_BLOCK = 32  # sums compared at a time
_ROOM = 256  # for passages that may be among the best, to begin with
_SLACK = 1.0 + 1e-5  # seven digits, and sums in another order, differ by less: a bound is only trusted beyond it
_PROBE = 16  # looking a passage up in a list costs as much as adding up so many of its entries


@compiled
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


@compiled
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


@compiled
def _raise(heap, size, limit, value):
    """Puts a score into the heap of the best, whose root is the least of them; returns the heap's size."""
    if size < limit:
        at = size
        while at and heap[(at - 1) // 2] > value:
            heap[at] = heap[(at - 1) // 2]
            at = (at - 1) // 2
        heap[at] = value
        return size + 1
    if value <= heap[0]:
        return size
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
    return size


@compiled
def _roomier(kept, numbers, scores, floor):
    """The kept ones without those that fell below the floor, with room for as many again."""
    still = 0
    for each in range(kept):
        if scores[each] * _SLACK >= floor:
            numbers[still], scores[still] = numbers[each], scores[each]
            still += 1
    if 2 * still <= kept:
        return still, numbers, scores
    more_numbers, more_scores = np.empty(2 * kept, np.int32), np.empty(2 * kept)
    more_numbers[:still], more_scores[:still] = numbers[:still], scores[:still]
    return still, more_numbers, more_scores


@compiled
def _add(passages, shares, at, stop, base, gain, weight, sums):
    """Adds the shares of a stretch of one list to the window's sums."""
    gain32, weight32, one, origin = np.float32(gain), np.float32(weight), np.float32(1.0), np.uint64(base)
    if weight == 1.0:
        for each in range(np.uint64(at), np.uint64(stop)):
            sums[np.uint64(passages[each]) - origin] += gain32 * shares[each]
    else:  # of count / (count + norm) one gets to weight * count / (weight * count + norm) without the norm
        for each in range(np.uint64(at), np.uint64(stop)):
            share = weight32 * shares[each]
            sums[np.uint64(passages[each]) - origin] += gain32 * (share / (share + one - shares[each]))


@compiled
def _above(sums, least, likely, about):
    """Collects the places of the window whose sums are above `least`, with these, and makes all sums 0 again."""
    found, low, end, one = np.uint64(0), np.uint64(0), np.uint64(len(sums)), np.uint64(1)
    while low < end:
        high = min(low + np.uint64(_BLOCK), end)
        above = np.int32(0)
        for here in range(low, high):  # free of branches, so that the processor compares many at a time
            above += np.int32(1) if sums[here] > least else np.int32(0)
        if above:
            for here in range(low, high):
                if sums[here] > least:
                    likely[found], about[found] = here, sums[here]
                    found += one
        low = high
    sums[:] = np.float32(0.0)
    return np.int64(found)


@compiled
def _reached(about, found, limit, heap):
    """What the `limit` best of the window's passages have come to at least; 0 where it has fewer."""
    if found < limit:
        return 0.0
    held = 0
    for each in range(found):
        held = _raise(heap, held, limit, about[each])
    return np.float64(heap[0]) / _SLACK


@compiled
def _part(passages, amounts, low, high, number, norm, gain, weight):
    """What one list adds to the score of a passage, exactly."""
    at = _seek(passages, low, high, number)
    if at < high and passages[at] == number:
        frequency = weight * amounts[at]
        return gain * (frequency / (frequency + norm))
    return 0.0


@compiled
def _scored(numbers, passages, counts, norms, own, own_counts, places, factors):
    """The exact scores of some passages in ascending order, added up in the order of the query."""
    scores = np.zeros(len(numbers))
    cursors = places[:, 0].copy()
    for each in range(len(numbers)):
        number = numbers[each]
        norm = norms[number]
        for row in range(len(places)):
            listed = own if places[row, 2] else passages
            at = cursors[row] = _seek(listed, cursors[row], places[row, 1], number)
            if at < places[row, 1] and listed[at] == number:
                frequency = factors[row, 0] * (own_counts[at] if places[row, 2] else counts[at])
                scores[each] += factors[row, 1] * (frequency / (frequency + norm))
    return scores


@compiled
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
    window = min(_WINDOW, len(norms))
    sums, about, likely = (
        np.zeros(window, np.float32),
        np.empty(window, np.float32),
        np.empty(window, np.int32),
    )
    heap, window_heap = np.empty(limit), np.empty(limit, np.float32)
    held, floor = 0, 0.0
    kept, numbers, scores = 0, np.empty(_ROOM, np.int32), np.empty(_ROOM)
    leading, width = lists, min(_FIRST, window)
    while True:
        while leading and rest[leading - 1] * _SLACK < floor:
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
        stop = base + width
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
        least = np.float32(max(0.0, (floor / _SLACK - rest[leading]) / _SLACK))
        if added * 2 > width:
            found = _above(sums[:width], least, likely, about)
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
        bar = max(floor, _reached(about, found, limit, window_heap))
        for each in range(found):
            score = np.float64(about[each])
            if (score + rest[leading]) * _SLACK < bar:
                continue
            number = np.int32(base + likely[each])
            if leading < lists:
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
            if kept == len(numbers):
                kept, numbers, scores = _roomier(kept, numbers, scores, floor)
            numbers[kept], scores[kept] = number, score
            kept += 1
            held = _raise(heap, held, limit, score)
            if held == limit:
                floor = heap[0] / _SLACK
                bar = max(bar, floor)
        width = min(4 * width, window)
    last = np.sort(numbers[:kept][scores[:kept] * _SLACK >= floor])
    exact = _scored(last, passages, counts, norms, own, own_counts, places, factors)
    by_score = np.argsort(-exact, kind="mergesort")[:limit]
    return last[by_score], exact[by_score]


@compiled
def best_of_terms(starts, passages, counts, shares, peaks, norms, gains, terms, limit):
    """The best `limit` passages for a bag of terms, given by their numbers: (numbers, scores) as `best` gives them."""
    places, factors = np.empty((len(terms), 3), np.int64), np.empty((len(terms), 3))
    for row in range(len(terms)):
        term = terms[row]
        places[row, 0], places[row, 1], places[row, 2] = starts[term], starts[term + 1], 0
        factors[row, 0], factors[row, 1], factors[row, 2] = 1.0, gains[term], gains[term] * peaks[term]
    own, own_counts, own_shares = np.empty(0, np.int32), np.empty(0), np.empty(0, np.float32)
    return best(passages, counts, shares, norms, own, own_counts, own_shares, places, factors, limit)
