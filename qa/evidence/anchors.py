"""Where in a text a pattern is worth trying: at its anchor, the rarest of what it requires.

A pattern often begins with words that every other sentence has: tried wherever they stand, nearly all work is in
vain. So each pattern is tried only where its anchor stands and a second word it requires is near: right beside the
anchor where the pattern has such a pair, else anywhere in the same sentence.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.evidence.patterns import Element, Pattern, Test, one_word, required_test
from qa.language.tokens import pieces

_CHANCE = 5.0  # words that a pattern joins stand side by side so many times more often than chance would have it
_FEW = 0.5  # trials among all samples: a pattern with fewer is not worth more thought
_SENTENCE = 20.0  # words of a usual sentence


@dataclass(frozen=True)
class Anchor:
    """`test` stands `least` to `most` words after the start of a match.

    `beside` tells where `second` stands: the next word (1), the one before (-1), or anywhere in the sentence (0). A
    pattern of one required word has no `second`.
    """

    test: Test
    least: int
    most: int
    beside: int = 0
    second: Test | None = None


class Frequencies:
    """About how many words of some sample texts pass a test."""

    def __init__(self, samples: Iterable[str], numbers: frozenset[str]) -> None:
        self._counts = Counter(token.text for text in samples for token in pieces(text))
        self._starting: Counter[str] = Counter()
        for word, count in self._counts.items():
            self._starting.update({word[:length]: count for length in range(1, len(word) + 1)})
        self._numeric = sum(count for word, count in self._counts.items() if word[0].isdigit() or word in numbers)
        self._known: dict[Test, float] = {}
        self.total = 1.0 + self._counts.total()

    def of(self, test: Test) -> float:
        """The frequency of the test; never 0, since texts hold words that the samples lack."""
        found = self._known.get(test)
        if found is None:
            found = 0.5 + sum(self._counts[word] for word in test.words)
            found += sum(self._starting[prefix] for prefix in test.prefixes) + self._numeric * test.number
            self._known[test] = found
        return found


def anchors(pattern: Pattern, frequencies: Frequencies) -> list[Anchor]:
    """Anchors of which one stands wherever the pattern matches: of a group's options each its own, where that pays."""
    return list(dict.fromkeys(_planned(pattern, frequencies, *_best(pattern, frequencies))))


def _planned(pattern: Pattern, frequencies: Frequencies, trials: float, chosen: Anchor) -> list[Anchor]:
    if trials <= _FEW:
        return [chosen]
    least, cheapest = trials, None
    for index, element in enumerate(pattern):
        if element.options and not element.optional:
            parts = [pattern[:index] + option + pattern[index + 1 :] for option in element.options]
            plans = [(part, *_best(part, frequencies)) for part in parts]
            if (cost := sum(each for _, each, _ in plans)) < least:
                least, cheapest = cost, plans
    if cheapest is None:
        return [chosen]
    return [found for part, cost, best in cheapest for found in _planned(part, frequencies, cost, best)]


def _best(pattern: Pattern, frequencies: Frequencies) -> tuple[float, Anchor]:
    """(expected trials among the samples, the one anchor of the pattern that promises the fewest)."""
    frequency, total = frequencies.of, frequencies.total
    by_rarity = sorted(_places(pattern), key=lambda place: frequency(place[0]))
    rarest, least, most = by_rarity[0]
    second = by_rarity[1][0] if len(by_rarity) > 1 else None
    together = min(1.0, _SENTENCE * frequency(second) / total) if second else 1.0
    trials, chosen = frequency(rarest) * together, Anchor(rarest, least, most, 0, second)
    for (one, least, most), (other, *_) in _pairs(pattern):
        expected = _CHANCE * frequency(one) * frequency(other) / total
        if expected >= trials:
            continue
        trials = expected
        if frequency(one) <= frequency(other):
            chosen = Anchor(one, least, most, 1, other)
        else:
            chosen = Anchor(other, least + 1, most + 1, -1, one)
    return trials, chosen


_Place = tuple[Test, int, int]


def _places(pattern: Pattern) -> list[_Place]:
    """(required test, fewest words before it, most words before it) of each element that requires one."""
    found = []
    least = most = 0
    for element in pattern:
        test = required_test(element)
        if test is not None:
            found.append((test, least, most))
        fewest, longest = _lengths(element)
        least, most = least + fewest, most + longest
    return found


def _pairs(pattern: Pattern) -> list[tuple[_Place, _Place]]:
    """Required words that stand side by side in every match."""
    found = []
    least = most = 0
    for element, following in pairwise(pattern):
        if element.test and following.test and one_word(element) and one_word(following):
            found.append(((element.test, least, most), (following.test, least + 1, most + 1)))
        fewest, longest = _lengths(element)
        least, most = least + fewest, most + longest
    return found


def _lengths(element: Element) -> tuple[int, int]:
    """The fewest and the most words that the element takes."""
    if element.gap:
        return 0, element.gap
    if element.test:
        return int(not element.optional), 1
    spans = [_length_of(option) for option in element.options]
    return 0 if element.optional else min(low for low, _ in spans), max(high for _, high in spans)


def _length_of(elements: Sequence[Element]) -> tuple[int, int]:
    spans = [_lengths(element) for element in elements]
    return sum(low for low, _ in spans), sum(high for _, high in spans)
