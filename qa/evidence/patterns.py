"""The small language of cue patterns, compiled to sequences of word tests.

    word        that word                    (a|b c|d)   one of these phrases
    wor*        any word that starts so      x?          the element x, or nothing; after a group, `)?`
    #           a number, in digits or words ~3          up to three words of any kind
    <people>    a word of that class         _           exactly one word of any kind

Signs count as words of their own: % $ € £ ? ! ™ ®; a question mark as a sign is written `(?)`. Hyphens and apostrophes
only separate words. Case and accents do not count. No match runs over the end of a sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NoReturn

from qa.errors import DataError
from qa.language.tokens import pieces


@dataclass(frozen=True)
class Test:
    """Which words fit one place of a pattern."""

    words: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    number: bool = False
    anything: bool = False


@dataclass(frozen=True)
class Element:
    """One element: a word test, or alternative sequences; `gap` is the most words of any kind that it may skip."""

    test: Test | None = None
    options: tuple[tuple["Element", ...], ...] = ()
    gap: int = 0
    optional: bool = False


Pattern = tuple[Element, ...]


def compile_pattern(pattern: str, classes: Mapping[str, Sequence[str]], where: str) -> Pattern:
    """The elements of a pattern; raises DataError, its message prefixed by `where`, for a wrong one."""
    elements = _parse(_parts(pattern), classes, where, inner=False)
    if not any(True for _ in required_tests(elements)):
        raise DataError(f"{where}: nothing in it is required")
    if any(test.anything for test in first_tests(elements)) or elements[0].gap:
        raise DataError(f"{where}: must begin with a word, a class, a number or a group of them")
    return elements


def written_out(pattern: Pattern) -> list[Pattern]:
    """The same pattern as several without a group at the start: each phrase then requires all of its own words."""
    first, rest = pattern[0], pattern[1:]
    if not first.options:
        return [pattern]
    whole = [each for option in first.options for each in written_out(option + rest)]
    return [*whole, *written_out(rest)] if first.optional and rest else whole


def first_tests(elements: Pattern) -> Iterator[Test]:
    """What a match may begin with."""
    for element in elements:
        if element.test:
            yield element.test
        for option in element.options:
            yield from first_tests(option)
        if not element.optional and not element.gap:
            return


def required_tests(elements: Pattern) -> Iterator[Test]:
    """Tests that some word must pass wherever the pattern matches."""
    for element in elements:
        test = required_test(element)
        if test is not None:
            yield test


def required_test(element: Element) -> Test | None:
    """The test that the first word of the element must pass; None where there may be no word, or any."""
    if element.optional or element.gap:
        return None
    test = element.test or union([test for option in element.options for test in first_tests(option)])
    return None if test.anything else test


def one_word(element: Element) -> bool:
    """Whether the element is exactly one word, of some and not any kind."""
    return element.test is not None and not element.optional and not element.test.anything


def _parts(pattern: str) -> list[str]:
    """The parts of a pattern, the last first, so that reading on is a `pop`."""
    for sign in "()|":
        pattern = pattern.replace(sign, f" {sign} ")
    return pattern.split()[::-1]


def _parse(parts: list[str], classes: Mapping[str, Sequence[str]], where: str, inner: bool) -> Pattern:
    """The elements up to the end, or within a group up to `|` or `)`; takes what it reads from `parts`."""
    elements: list[Element] = []
    while parts and not (inner and parts[-1] in ("|", ")")):
        part = parts.pop()
        if part in ("|", ")"):
            raise DataError(f"{where}: {part!r} outside a group")
        if part == "(":
            elements.append(_group(parts, classes, where))
        elif part.startswith("<"):
            elements.append(_class(part, classes, where))
        else:
            elements += _word(part) or _refused(part, where)
    if not elements:
        raise DataError(f"{where}: an empty pattern or alternative")
    return tuple(elements)


def _group(parts: list[str], classes: Mapping[str, Sequence[str]], where: str) -> Element:
    options: list[Pattern] = []
    closing = "|"
    while closing == "|":
        options.append(_parse(parts, classes, where, inner=True))
        if not parts:
            raise DataError(f"{where}: '(' without ')'")
        closing = parts.pop()
    optional = parts[-1:] == ["?"]
    if optional:
        parts.pop()
    single = [option[0].test for option in options if len(option) == 1 and option[0].test and not option[0].optional]
    longer = [option for option in options if not (len(option) == 1 and option[0].test and not option[0].optional)]
    if not longer:
        return Element(test=union(single), optional=optional)
    words = [(Element(test=union(single)),)] if single else []
    return Element(options=(*words, *longer), optional=optional)


def union(tests: Sequence[Test]) -> Test:
    """The test that a word passes when it passes one of these."""
    if len(tests) == 1:
        return tests[0]
    return Test(
        frozenset().union(*(test.words for test in tests)),
        frozenset().union(*(test.prefixes for test in tests)),
        any(test.number for test in tests),
        any(test.anything for test in tests),
    )


def _class(part: str, classes: Mapping[str, Sequence[str]], where: str) -> Element:
    name = part.rstrip("?").strip("<>")
    if name not in classes:
        raise DataError(f"{where}: no class {name!r}")
    return Element(test=_class_test(tuple(classes[name])), optional=part.endswith("?"))


def _refused(part: str, where: str) -> NoReturn:
    wrong = "is not a gap of ~1 to ~12" if part.startswith("~") else "holds no word"
    raise DataError(f"{where}: {part!r} {wrong}")


@lru_cache(maxsize=50_000)
def _word(part: str) -> tuple[Element, ...]:
    """The elements of one part outside of groups and classes; none where it makes no sense."""
    optional = part.endswith("?") and len(part) > 1
    part = part[:-1] if optional else part
    if part.startswith("~"):
        size = int(part[1:]) if part[1:].isdigit() else 0
        return (Element(gap=size),) if 1 <= size <= 12 else ()
    if part == "_":
        return (Element(test=Test(anything=True), optional=optional),)
    if part == "#":
        return (Element(test=Test(number=True), optional=optional),)
    every = _plain(part)
    if not optional or not every:
        return every
    return (replace(every[0], optional=True),) if len(every) == 1 else (Element(options=(every,), optional=True),)


@lru_cache(maxsize=50_000)
def _plain(part: str) -> tuple[Element, ...]:
    """The elements of a written word; more than one where hyphens or apostrophes separate."""
    stem = part.rstrip("*")
    texts = [stem] if stem.isascii() and stem.islower() and stem.isalpha() else [t.text for t in pieces(stem)]
    if not texts:
        return ()
    tests = [Test(words=frozenset({text})) for text in texts]
    if part.endswith("*"):
        tests[-1] = Test(prefixes=frozenset({texts[-1]}))
    return tuple(Element(test=test) for test in tests)


@lru_cache(maxsize=2_000)
def _class_test(words: tuple[str, ...]) -> Test:
    """The test of a class: of a member written with a hyphen or apostrophe, its last piece."""
    return union([element.test for word in words for element in _plain(word)[-1:] if element.test])
