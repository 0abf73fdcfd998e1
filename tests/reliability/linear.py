"""Texts that are the worst for a pattern, made from the pattern itself, and how its work grows with their length."""

import ast
import json
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser
from typing import Any, NamedTuple

from qa.language.files import DATA
from tests.reliability.running import ROOT, environment

LONG = 12_000
SLOWER = 8.0  # times as long for a text four times as long: between what is linear, 4, and what is quadratic, 16
AT_ONCE = 0.005  # seconds of processor time: what is done by then is not measured more closely

_RECORDING = """
import json, pkgutil, re, sys
from importlib import import_module
root, made, compile_ = sys.argv[1], {}, re._compile
def recording(pattern, flags):
    compiled, frame = compile_(pattern, flags), sys._getframe(1)
    while frame.f_code.co_filename == re.__file__:
        frame = frame.f_back
    file = frame.f_code.co_filename.removeprefix(root).lstrip("/")
    if file.startswith(("qa/", "web/")):
        written = compiled.pattern if isinstance(compiled.pattern, str) else compiled.pattern.decode("latin-1")
        made[f"{file}:{frame.f_lineno}: {written[:80]}"] = written, compiled.flags & ~re.UNICODE
    return compiled
re._compile = recording
import qa, web
for package in (qa, web):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            try:
                import_module(module.name)
            except ImportError:  # an extra that is not installed
                assert module.name.startswith(("qa.mcp", "qa.retrieval.")), module.name
answerer = qa.Answerer(qa.load_corpus(root + "/corpus"))
answerer.ask("Il magnesio aiuta?", history=["E la ketamina?"])
qa.assess("In mice, experts say, it helps.")
print(json.dumps(made))
"""


class Expression(NamedTuple):
    """A regular expression of the program: where it is compiled, and what it says."""

    place: str
    pattern: str
    flags: int

    def uses(self) -> Iterator[Callable[[str], object]]:
        """What the program does with it; where the source does not tell at a glance, a search from every place."""
        file, line, _ = self.place.split(":", 2)
        source = (ROOT / file).read_text("utf-8")
        at = source.split("\n")[int(line) - 1]
        if name := re.match(r"(\w+) = re\.compile\(", at):
            methods = set(re.findall(rf"\b{name[1]}\.(\w+)\(", source))
        else:
            methods = set(re.findall(r"\bre\.(\w+)\(", at)) - {"compile", "escape"}
        compiled = re.compile(self.pattern, self.flags)
        anchored = {"match": compiled.match, "fullmatch": compiled.fullmatch}
        if not methods <= set(anchored):
            yield lambda text: sum(1 for _ in compiled.finditer(text))
        yield from (anchored[method] for method in sorted(methods & set(anchored)))
        if not methods:
            yield lambda text: sum(1 for _ in compiled.finditer(text))


def expressions() -> list[Expression]:
    """All that `qa` and `web` compile when every module is loaded, all data are read and something is asked; and those
    that stand in the source where nothing of this leads to.
    """
    command = [sys.executable, "-c", _RECORDING, str(ROOT)]
    languages = {"QA_LANGUAGES": ",".join(sorted(path.name for path in DATA.iterdir() if path.is_dir()))}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment(None) | languages
    )
    recorded = [Expression(place, *written) for place, written in json.loads(done.stdout).items()]
    known = {expression.pattern for expression in recorded}
    return recorded + [each for each in _in_source() if each.pattern not in known]


def _in_source() -> Iterator[Expression]:
    for path in sorted([*(ROOT / "qa").rglob("*.py"), *(ROOT / "web").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[ast.Constant(value=str(written)), *_]):
                    yield Expression(f"{path.relative_to(ROOT)}:{node.lineno}: {written[:80]}", written, 0)


def worst_texts(pattern: str, flags: int) -> Iterator[str]:
    """Openings that the pattern takes, then what it may repeat, over and over, then what breaks it off."""
    parsed = _parser.parse(pattern, flags)
    for opening, repeated in {*_repeats(parsed, ""), ("", _sample(parsed))}:
        for unit in {repeated, repeated[:-1], repeated + " ", *repeated[:20]} - {""}:
            for end in ("", "\x00", "\n", "x"):
                yield _long(opening, unit, end)
    for unit in (" ", "a", "1", "a ", "1,", "l'", "-", ".", "<", "[", "\u00ad", "e\u0301", "\n", "A.", "\U0001f600"):
        yield _long("", unit, "\x00")


def _long(opening: str, unit: str, end: str) -> str:
    room = LONG - len(opening) - len(end)
    return opening + (unit * (room // len(unit) + 1))[:room] + end


def _repeats(parsed: Any, before: str) -> Iterator[tuple[str, str]]:
    """(what stands before it, one turn of it) of everything that may be repeated often."""
    for operation, argument in parsed:
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, inner = argument
            if most > 10:
                yield before, _sample(inner)
            yield from _repeats(inner, before)
        elif operation is sre.SUBPATTERN:
            yield from _repeats(argument[3], before)
        elif operation is sre.BRANCH:
            for option in argument[1]:
                yield from _repeats(option, before)
        before += _sample([(operation, argument)])


def _sample(parsed: Any) -> str:
    """A short text that the pattern takes; repeats turn as often as they must, or once."""
    text = ""
    for operation, argument in parsed:
        if operation is sre.LITERAL:
            text += chr(argument)
        elif operation is sre.NOT_LITERAL:
            text += "b" if argument == ord("a") else "a"
        elif operation is sre.ANY:
            text += "a"
        elif operation is sre.IN:
            text += _member(argument)
        elif operation is sre.BRANCH:
            text += _sample(argument[1][0])
        elif operation is sre.SUBPATTERN:
            text += _sample(argument[3])
        elif operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += _sample(argument[2]) * max(1, argument[0])
    return text


def _member(items: Any) -> str:
    """A character of a class."""
    if items[0][0] is sre.NEGATE:
        one = re.compile("[^" + "".join(_written(item) for item in items[1:]) + "]")
        return next(letter for letter in "a1 .-é\x01" if one.match(letter))
    operation, argument = items[0]
    if operation is sre.LITERAL:
        return chr(argument)
    if operation is sre.RANGE:
        return chr(argument[0])
    return {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}.get(argument, ".")


def _written(item: Any) -> str:
    operation, argument = item
    if operation is sre.LITERAL:
        return re.escape(chr(argument))
    if operation is sre.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    classes = {sre.CATEGORY_DIGIT: "d", sre.CATEGORY_SPACE: "s", sre.CATEGORY_WORD: "w"}
    classes |= {sre.CATEGORY_NOT_DIGIT: "D", sre.CATEGORY_NOT_SPACE: "S", sre.CATEGORY_NOT_WORD: "W"}
    return "\\" + classes[argument]


class Rows(NamedTuple):
    """A data file with phrases, and an example of each row of it."""

    path: Path
    categories: frozenset[str]
    examples: tuple[str, ...]


def phrase_files(folder: Path) -> Iterator[Rows]:
    """Every data file below the folder that holds patterns, wherever in it they stand."""
    for path in sorted(folder.rglob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        rows = [row for value in table.values() if isinstance(value, list) for row in value]
        rows = [row for row in rows if isinstance(row, dict) and "patterns" in row]
        if rows:
            examples = tuple(row["matches"][0] for row in rows)
            yield Rows(path, frozenset(row["category"] for row in rows), examples)


def superlinear(work: Callable[[str], object], text: str) -> bool:
    """Whether the work grows faster than the text: seen in processor time from shorter beginnings to all of it, the
    least of a few tries, as a machine is busy.
    """
    for length in range(12, 48, 4):  # what doubles with each letter would never come to an end below
        if _superlinear(work, "", text[: length - 1] + text[-1:]):
            return True
    lengths = [len(text) // 4**shorter for shorter in (4, 3, 2, 1, 0)]
    return any(
        _superlinear(work, text[: less - 1] + text[-1:], text[: more - 1] + text[-1:])
        for less, more in pairwise(lengths)
    )


def _superlinear(work: Callable[[str], object], short: str, long: str) -> bool:
    for _ in range(4):
        most = _seconds(work, long)
        if most < AT_ONCE or most < SLOWER * _seconds(work, short):
            return False
    return True


def _seconds(work: Callable[[str], object], text: str) -> float:
    begun = time.process_time()
    work(text)
    return time.process_time() - begun
