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
    elements, rest = _parse(_parts(pattern), classes, where, inner=False)
    if rest:
        raise DataError(f"{where}: ')' without '('")
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
    """Tests that some word must pass wherever the pattern matches; of a group, the union of its beginnings."""
    for element in elements:
        if element.optional or element.gap:
            continue
        test = element.test or union([test for option in element.options for test in first_tests(option)])
        if not test.anything:
            yield test


def _parts(pattern: str) -> list[str]:
    for sign in "()|":
        pattern = pattern.replace(sign, f" {sign} ")
    return pattern.split()


def _parse(
    parts: list[str], classes: Mapping[str, Sequence[str]], where: str, inner: bool
) -> tuple[Pattern, list[str]]:
    """The elements up to the end, or within a group up to `|` or `)`, and the parts not read."""
    elements: list[Element] = []
    while parts:
        part, parts = parts[0], parts[1:]
        if part in ("|", ")"):
            if not inner:
                raise DataError(f"{where}: {part!r} outside a group")
            parts = [part, *parts]
            break
        if part == "(":
            group, parts = _group(parts, classes, where)
            elements.append(group)
        else:
            elements += _word(part, classes, where)
    if not elements:
        raise DataError(f"{where}: an empty pattern or alternative")
    return tuple(elements), parts


def _group(parts: list[str], classes: Mapping[str, Sequence[str]], where: str) -> tuple[Element, list[str]]:
    options: list[Pattern] = []
    closing = "|"
    while closing == "|":
        option, parts = _parse(parts, classes, where, inner=True)
        if not parts:
            raise DataError(f"{where}: '(' without ')'")
        options.append(option)
        closing, parts = parts[0], parts[1:]
    optional = parts[:1] == ["?"]
    single = [option[0].test for option in options if len(option) == 1 and option[0].test and not option[0].optional]
    longer = [option for option in options if not (len(option) == 1 and option[0].test and not option[0].optional)]
    if not longer:
        return Element(test=union(single), optional=optional), parts[1:] if optional else parts
    words = [(Element(test=union(single)),)] if single else []
    return Element(options=(*words, *longer), optional=optional), parts[1:] if optional else parts


def union(tests: Sequence[Test]) -> Test:
    """The test that a word passes when it passes one of these."""
    return Test(
        frozenset().union(*(test.words for test in tests)),
        frozenset().union(*(test.prefixes for test in tests)),
        any(test.number for test in tests),
        any(test.anything for test in tests),
    )


def _word(part: str, classes: Mapping[str, Sequence[str]], where: str) -> list[Element]:
    optional = part.endswith("?") and len(part) > 1
    part = part[:-1] if optional else part
    if part.startswith("~"):
        if not part[1:].isdigit() or not 1 <= int(part[1:]) <= 12:
            raise DataError(f"{where}: {part!r} is not a gap of ~1 to ~12")
        return [Element(gap=int(part[1:]))]
    if part == "_":
        return [Element(test=Test(anything=True), optional=optional)]
    if part == "#":
        return [Element(test=Test(number=True), optional=optional)]
    if part.startswith("<"):
        name = part.strip("<>")
        if name not in classes:
            raise DataError(f"{where}: no class {name!r}")
        return [Element(test=_class_test(tuple(classes[name])), optional=optional)]
    texts = [token.text for token in pieces(part.rstrip("*"))]
    if not texts:
        raise DataError(f"{where}: {part!r} holds no word")
    last = Element(test=_test(texts[-1] + ("*" if part.endswith("*") else "")))
    every = [*(Element(test=_test(text)) for text in texts[:-1]), last]
    if optional:
        return [replace(last, optional=True)] if len(every) == 1 else [Element(options=(tuple(every),), optional=True)]
    return every


@lru_cache(maxsize=2_000)
def _class_test(words: tuple[str, ...]) -> Test:
    return union([_test(word) for word in words])


@lru_cache(maxsize=20_000)
def _test(word: str) -> Test:
    texts = [token.text for token in pieces(word.rstrip("*"))]
    if word.endswith("*") and texts:
        return Test(prefixes=frozenset(texts[-1:]))
    return Test(words=frozenset(texts))
