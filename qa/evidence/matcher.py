"""Finds thousands of word patterns in a text, in time linear in its length.

Each pattern is tried only where its anchor stands (`qa/evidence/anchors.py`): what a word is the anchor of, and what
must stand beside it, is worked out once a word and then looked up.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_
from re import compile as expression
from typing import Any, NamedTuple

from qa.evidence.anchors import Frequencies, anchors
from qa.evidence.patterns import Element, Pattern, Test, first_tests, one_word, union
from qa.language.tokens import Token

_SENTENCE_ENDS = frozenset("?!;")
_MAY_END = expression(r"[\n.?!;]")
_LETTERS = 3  # by which prefixes are looked up first
_MOST_STEPS = 400  # of one pattern at one place: bounds the work on repetitive text

# A pattern in the form the matching loop reads fastest: its first element and, in it, what follows. Plain tuples, so
# that `state` is plain data; None after the last element. The test is -1 for any word.
#   (_WORD, test, next)                         one word
#   (_OPTIONAL, test, next)                     one word or none
#   (_GAP, size, test of next or -1, next)      up to `size` words of any kind
#   (_GROUP, options, optional, next)           options: (its first test or -1, its elements and what follows the group)
_Steps = tuple[Any, ...] | None
_WORD, _OPTIONAL, _GAP, _GROUP = range(4)

_Trial = tuple[int, int, int, int]
"""(pattern number, fewest and most words between the start of a match and its anchor, length where anchor and second
are all of the pattern and else 0)."""

_Trials = dict[int, list[_Trial]]
"""Second test → what to try where it is passed."""


class _Word(NamedTuple):
    """What is known of one word: the tests it passes, and what to try where it stands."""

    passed: frozenset[int]
    anchors: bool  # whether there is anything to try
    alone: tuple[int, ...]  # patterns of this one word
    always: list[_Trial]
    before: frozenset[int]  # the keys of the next
    with_before: _Trials
    after: frozenset[int]
    with_after: _Trials
    around: int  # the seconds of the next, each a bit
    with_around: list[tuple[int, list[_Trial]]]
    seconds: int  # those of `passed` that may be asked for anywhere in the sentence, each a bit


_UNKNOWN = _Word(frozenset(), False, (), [], frozenset(), {}, frozenset(), {}, 0, [], 0)


class Matcher:
    """Patterns numbered 0, 1, …; `find` yields (pattern number, first token, token after the last, sentence number).

    `samples` are texts in which the patterns' words are about as frequent as in the texts to come: they decide how fast
    the search is, not what it finds.
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        numbers: frozenset[str],
        abbreviations: frozenset[str],
        samples: Iterable[str] = (),
    ) -> None:
        self._numbers, self._abbreviations = numbers, abbreviations
        self._ids: dict[Test, int] = {}
        self._patterns = [self._steps(pattern, None) for pattern in patterns]
        self._firsts = [self._id(union(list(first_tests(pattern)))) for pattern in patterns]
        self._alone: dict[int, list[int]] = {}
        self._tried: dict[int, list[tuple[int, int | None, _Trial]]] = {}  # anchor → (beside, second, trial)
        self._place_anchors(patterns, Frequencies(samples, numbers))
        self._index()
        self._anchoring = frozenset(self._alone) | frozenset(self._tried)
        seconds = {second for rows in self._tried.values() for side, second, _ in rows if side == 0}
        self._bits = {
            second: at for at, second in enumerate(sorted(second for second in seconds if second is not None))
        }
        self._word = lru_cache(maxsize=30_000)(self._known)

    def state(self) -> dict[str, Any]:
        """All of it as plain data, which `restored` makes the same matcher of."""
        return {name: value for name, value in vars(self).items() if name not in ("_ids", "_word")}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> "Matcher":
        """The matcher that gave this state."""
        matcher = cls.__new__(cls)
        vars(matcher).update(state)
        matcher._word = lru_cache(maxsize=30_000)(matcher._known)
        return matcher

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int, int, int]]:
        """Every match; of one pattern and start only the longest."""
        word, patterns, firsts = self._word, self._patterns, self._firsts
        words = list(map(word, [token[0] for token in tokens]))
        passed = [each[0] for each in words]
        for row, (low, high) in enumerate(self._sentences(text, tokens)):
            somewhere = -1  # what the sentence has, each a bit, once it is asked for
            tried: set[tuple[int, int]] = set()
            for at in range(low, high):
                here = words[at]
                if not here[1]:
                    continue
                _, _, alone, always, before, with_before, after, with_after, around, with_around, _ = here
                for number in alone:
                    yield number, at, at + 1, row
                trials = always
                if after and at + 1 < high and (found := after & passed[at + 1]):
                    trials = trials + [trial for test in found for trial in with_after[test]]
                if before and at > low and (found := before & passed[at - 1]):
                    trials = trials + [trial for test in found for trial in with_before[test]]
                if around:
                    if somewhere < 0:
                        somewhere = reduce(or_, [each[-1] for each in words[low:high]])
                    if around & somewhere:
                        trials = trials + [trial for bit, some in with_around if bit & somewhere for trial in some]
                for number, least, most, length in trials:
                    if length:
                        yield number, at - least, at - least + length, row
                        continue
                    first = firsts[number]
                    if least == most:
                        start = at - least
                        if start >= low and first in passed[start]:
                            end = _match(patterns[number], passed, start, high, [_MOST_STEPS])
                            if end > start:
                                yield number, start, end, row
                        continue
                    for start in range(max(low, at - most), at - least + 1):
                        if first in passed[start] and (number, start) not in tried:
                            tried.add((number, start))
                            end = _match(patterns[number], passed, start, high, [_MOST_STEPS])
                            if end > start:
                                yield number, start, end, row

    def _id(self, test: Test) -> int:
        return self._ids.setdefault(test, len(self._ids))

    def _steps(self, pattern: Pattern, following: _Steps) -> _Steps:
        for element in reversed(pattern):
            following = self._step(element, following)
        return following

    def _step(self, element: Element, following: _Steps) -> _Steps:
        if element.gap:
            return _GAP, element.gap, _needed_first(following), following
        if element.test:
            test = -1 if element.test.anything else self._id(element.test)
            return (_OPTIONAL if element.optional else _WORD), test, following
        options = [self._steps(option, following) for option in element.options]
        return _GROUP, tuple((_needed_first(option), option) for option in options), element.optional, following

    def _place_anchors(self, patterns: Sequence[Pattern], frequencies: Frequencies) -> None:
        for number, pattern in enumerate(patterns):
            if len(pattern) == 1:
                self._alone.setdefault(self._firsts[number], []).append(number)
                continue
            for place in anchors(pattern, frequencies):
                whole = 2 if place.beside and len(pattern) == 2 and all(map(one_word, pattern)) else 0
                second = self._id(place.second) if place.second else None
                trial = (number, place.least, place.most, whole)
                self._tried.setdefault(self._id(place.test), []).append((place.beside, second, trial))

    def _index(self) -> None:
        """Which tests a written word, or the beginning of one, passes."""
        self._exact: dict[str, list[int]] = {}
        self._starting: dict[str, list[int]] = {}
        self._numeric = [number for test, number in self._ids.items() if test.number]
        for test, number in self._ids.items():
            for word in test.words:
                self._exact.setdefault(word, []).append(number)
            for prefix in test.prefixes:
                self._starting.setdefault(prefix, []).append(number)
        lengths: dict[str, set[int]] = {}  # of the prefixes that share their first letters
        for prefix in self._starting:
            lengths.setdefault(prefix[:_LETTERS], set()).add(len(prefix))
        self._prefix_lengths = {letters: sorted(found) for letters, found in lengths.items()}

    def _passed_by(self, word: str) -> frozenset[int]:
        """The tests that a word passes."""
        found = list(self._exact.get(word, ()))
        for letters in range(1, _LETTERS + 1):
            for length in self._prefix_lengths.get(word[:letters], ()) if len(word) >= letters else ():
                found += self._starting.get(word[:length], ())
        if word[0].isdigit() or word in self._numbers:
            found += self._numeric
        return frozenset(found)

    def _known(self, word: str) -> _Word:
        passed = self._passed_by(word)
        if not passed:
            return _UNKNOWN
        alone: list[int] = []
        always: list[_Trial] = []
        sides: tuple[_Trials, _Trials, _Trials] = ({}, {}, {})  # 0: around, 1: after, -1: before
        for test in passed & self._anchoring:
            alone += self._alone.get(test, ())
            for side, second, trial in self._tried.get(test, ()):
                if second is None:
                    always.append(trial)
                else:
                    sides[side].setdefault(second, []).append(trial)
        around, after, before = sides
        bits = self._bits
        return _Word(
            passed,
            bool(alone or always or around or after or before),
            tuple(alone),
            always,
            frozenset(before),
            before,
            frozenset(after),
            after,
            sum(1 << bits[second] for second in around),
            [(1 << bits[second], trials) for second, trials in around.items()],
            sum(1 << bits[test] for test in passed if test in bits),
        )

    def _sentences(self, text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """(first token, token after the last) of each sentence."""
        starts = [token.start for token in tokens]
        ends: list[int] = []
        for sign in _MAY_END.finditer(text):
            at = bisect_right(starts, sign.start())
            if 0 < at < len(tokens) and self._ends(text, tokens[at - 1], tokens[at]) and (not ends or ends[-1] < at):
                ends.append(at)
        return list(zip([0, *ends], [*ends, len(tokens)], strict=True)) if tokens else []

    def _ends(self, text: str, token: Token, following: Token) -> bool:
        if token.text in _SENTENCE_ENDS:
            return True
        between = text[token.end : following.start]
        return "\n" in between or (
            len(between) > 1 and "." in between and len(token.text) > 1 and token.text not in self._abbreviations
        )


def _needed_first(steps: _Steps) -> int:
    """The test that the next word must pass, -1 where it may be any or none."""
    return int(steps[1]) if steps is not None and steps[0] == _WORD else -1


def _match(steps: _Steps, passed: Sequence[frozenset[int]], at: int, stop: int, budget: list[int]) -> int:
    """The furthest token position after a match of `steps` from `at`, or -1. Without recursion where it can."""
    while steps is not None:
        sort = steps[0]
        if sort == _WORD:
            _, test, steps = steps
            if at >= stop or (test >= 0 and test not in passed[at]):
                return -1
            at += 1
            continue
        budget[0] -= 1
        if budget[0] < 0:
            return -1
        if sort == _GAP:
            _, size, needed, steps = steps
            for place in range(at, min(at + size, stop) + 1):
                if needed < 0 or (place < stop and needed in passed[place]):
                    reached = _match(steps, passed, place, stop, budget)
                    if reached >= 0:
                        return reached
            return -1
        if sort == _OPTIONAL:
            _, test, steps = steps
            if at < stop and (test < 0 or test in passed[at]):
                best = _match(steps, passed, at + 1, stop, budget)
                if best >= 0:
                    return best
            continue
        _, options, optional, steps = steps
        best = -1
        here = passed[at] if at < stop else _NOTHING
        for needed, option in options:
            if needed < 0 or needed in here:
                best = max(best, _match(option, passed, at, stop, budget))
        if best >= 0 or not optional:
            return best
    return at


_NOTHING: frozenset[int] = frozenset()
