"""Finds thousands of word patterns in a text, in time linear in its length.

Which patterns can match at all is decided first, for all of them at once: a pattern stays in play only when each word
it requires occurs somewhere in the text. The few that stay are tried where their first word stands.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.evidence.patterns import Pattern, Test, first_tests, required_tests, union
from qa.language.tokens import Token

_SENTENCE_ENDS = frozenset("?!;")
_MOST_STEPS = 400  # of one pattern at one place: bounds the work on repetitive text

_REBUILT = frozenset({"_ids", "_passed"})

Ints = npt.NDArray[np.intp]


# An element in the form the matching loop reads fastest, (test, options, gap, optional), the options again sequences of
# such steps. The test is -1 for any word, None where there is none. Plain tuples, so that `state` is plain data.
_Step = tuple[int | None, tuple[tuple[Any, ...], ...], int, bool]


class Matcher:
    """Patterns numbered 0, 1, …; `find` yields (pattern number, first token, token after the last, sentence number)."""

    def __init__(self, patterns: Sequence[Pattern], numbers: frozenset[str], abbreviations: frozenset[str]) -> None:
        self._numbers, self._abbreviations = numbers, abbreviations
        self._ids: dict[Test, int] = {}
        self._patterns = [self._steps(pattern) for pattern in patterns]
        required = [[self._id(test) for test in required_tests(pattern)] for pattern in patterns]
        self._firsts = [self._id(union(list(first_tests(pattern)))) for pattern in patterns]
        self._needs: Ints = np.array([number for needs in required for number in needs], np.intp)
        self._required = [frozenset(needs) for needs in required]
        self._offsets: Ints = np.cumsum([0, *(len(needs) for needs in required)])[:-1]
        self._exact: dict[str, list[int]] = {}
        self._starting: dict[str, list[int]] = {}
        self._numeric = [number for test, number in self._ids.items() if test.number]
        for test, number in self._ids.items():
            for word in test.words:
                self._exact.setdefault(word, []).append(number)
            for prefix in test.prefixes:
                self._starting.setdefault(prefix, []).append(number)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._starting})
        self._tests = len(self._ids)
        self._passed = lru_cache(maxsize=30_000)(self._passed_by)

    def state(self) -> dict[str, Any]:
        """All of it as plain data, which `restored` makes the same matcher of."""
        kept = {name: value for name, value in vars(self).items() if name not in _REBUILT}
        return kept | {"_needs": self._needs.tolist(), "_offsets": self._offsets.tolist(), "_tests": self._tests}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> "Matcher":
        """The matcher that gave this state."""
        matcher = cls.__new__(cls)
        vars(matcher).update(state)
        matcher._needs, matcher._offsets = np.array(state["_needs"], np.intp), np.array(state["_offsets"], np.intp)
        matcher._passed = lru_cache(maxsize=30_000)(matcher._passed_by)
        return matcher

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int, int, int]]:
        """Every match; of one pattern and start only the longest."""
        if not tokens or not self._patterns:
            return
        words = {token.text: self._passed(token.text) for token in tokens}
        passed = [words[token.text] for token in tokens]
        bounds = self._sentences(text, tokens)
        sets = [frozenset().union(*passed[low:high]) for low, high in bounds]
        anywhere = np.zeros(self._tests, bool)
        anywhere[list(frozenset().union(*sets))] = True
        likely = np.nonzero(np.logical_and.reduceat(anywhere[self._needs], self._offsets))[0]
        starters: list[dict[int, list[int]]] = [{} for _ in bounds]
        for number in likely.tolist():
            required, first = self._required[number], self._firsts[number]
            for row, found in enumerate(sets):
                if required <= found:
                    starters[row].setdefault(first, []).append(number)
        for row, ((low, high), starting) in enumerate(zip(bounds, starters, strict=True)):
            wanted = frozenset(starting)
            for at in range(low, high):
                for first in passed[at] & wanted:
                    for number in starting[first]:
                        steps = self._patterns[number]
                        end = at + 1 if len(steps) == 1 else _match(steps, passed, at, high, [_MOST_STEPS])
                        if end > at:
                            yield number, at, end, row

    def _id(self, test: Test) -> int:
        return self._ids.setdefault(test, len(self._ids))

    def _steps(self, pattern: Pattern) -> tuple[_Step, ...]:
        return tuple(
            (
                None if element.test is None else -1 if element.test.anything else self._id(element.test),
                tuple(self._steps(option) for option in element.options),
                element.gap,
                element.optional,
            )
            for element in pattern
        )

    def _passed_by(self, word: str) -> frozenset[int]:
        """The tests that a word passes."""
        found = list(self._exact.get(word, ()))
        for length in self._prefix_lengths:
            if length > len(word):
                break
            found += self._starting.get(word[:length], ())
        if word[0].isdigit() or word in self._numbers:
            found += self._numeric
        return frozenset(found)

    def _sentences(self, text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """(first token, token after the last) of each sentence."""
        ends = [at + 1 for at in range(len(tokens) - 1) if self._ends(text, tokens[at], tokens[at + 1])]
        return list(zip([0, *ends], [*ends, len(tokens)], strict=True))

    def _ends(self, text: str, token: Token, following: Token) -> bool:
        if token.text in _SENTENCE_ENDS:
            return True
        between = text[token.end : following.start]
        return "\n" in between or (
            len(between) > 1 and "." in between and len(token.text) > 1 and token.text not in self._abbreviations
        )


def _match(steps: tuple[_Step, ...], passed: Sequence[frozenset[int]], at: int, stop: int, budget: list[int]) -> int:
    """The furthest token position after a match of `steps` from `at`, or -1. Without recursion where it can."""
    for index, (test, options, gap, optional) in enumerate(steps):
        if test is not None and not optional:
            if at >= stop or (test >= 0 and test not in passed[at]):
                return -1
            at += 1
            continue
        budget[0] -= 1
        if budget[0] < 0:
            return -1
        rest = steps[index + 1 :]
        if gap:
            for skipped in range(min(gap, stop - at) + 1):
                reached = _match(rest, passed, at + skipped, stop, budget)
                if reached >= 0:
                    return reached
            return -1
        best = -1
        if test is not None:
            if at < stop and (test < 0 or test in passed[at]):
                best = _match(rest, passed, at + 1, stop, budget)
        else:
            here = passed[at] if at < stop else frozenset()
            for option in options:
                first, _, _, skippable = option[0]
                if first is not None and not skippable and first >= 0 and first not in here:
                    continue
                best = max(best, _match(option + rest, passed, at, stop, budget))
        if best < 0 and optional:
            best = _match(rest, passed, at, stop, budget)
        return best
    return at
