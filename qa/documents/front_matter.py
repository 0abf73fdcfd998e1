"""The head of a Markdown file between `---` lines (YAML) or `+++` lines (TOML): what it tells, and where it ends.

Of YAML only what front matter is written in: `key: value`, quoted values, lists, comments. Anything else between two
lines of dashes is text, and stays text.
"""

import re
import tomllib
from dataclasses import dataclass, field

_MOST_CHARACTERS = 20_000
_HEAD = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.*?)^(\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_ENTRY = re.compile(r"([\w.-]+)[ \t]*:(?:[ \t](.*))?")  # what follows the colon still has its blanks
_BLOCK = re.compile(r"[|>][+-]?\d?")


@dataclass(frozen=True)
class FrontMatter:
    """`fields`: what it tells, as written. `end`: offset of the first character after it."""

    end: int
    fields: dict[str, str] = field(default_factory=dict)


def front_matter(text: str) -> FrontMatter | None:
    """The front matter at the start of `text`; None where there is none, or what stands there is text."""
    match = _HEAD.match(text[:_MOST_CHARACTERS])
    if match is None:
        return None
    fields = _toml(match[2]) if match[1] == "+++" else _yaml(match[2])
    return None if fields is None else FrontMatter(match.end(), fields)


def _toml(head: str) -> dict[str, str] | None:
    try:
        table = tomllib.loads(head.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    plain = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in table.items()}
    return {key: str(value) for key, value in plain.items() if not isinstance(value, dict)}


def _yaml(head: str) -> dict[str, str] | None:
    fields: dict[str, list[str]] = {}
    key: str | None = None
    for line in head.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(line)
        if entry:
            key = entry[1]
            value = (entry[2] or "").strip(" \t")
            fields[key] = [] if _BLOCK.fullmatch(value) else _values(value)
        elif key is not None and stripped.startswith("- "):
            fields[key] += _values(stripped[2:])
        elif key is not None and line[0] in " \t":
            fields[key] += [stripped]
        else:
            return None
    joined = {
        key: ", ".join(values) if not any(" " in value and value[-1] in ".,;" for value in values) else " ".join(values)
        for key, values in fields.items()
    }
    return {key: value for key, value in joined.items() if value} or None


def _values(written: str) -> list[str]:
    """One value, or the values of a list in brackets, one within another kept as written."""
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [value for part in written[1:-1].split(",") for value in _value(part.strip())]
    return _value(written)


def _value(written: str) -> list[str]:
    """A value without its quotes and comment, none where there is none."""
    if quoted := re.fullmatch(r"""(["'])(.*)\1(?:\s+#.*)?""", written):
        inner = quoted[2]
        return [inner.replace('\\"', '"').replace("\\\\", "\\") if quoted[1] == '"' else inner.replace("''", "'")]
    written = re.split(r"\s#", written, maxsplit=1)[0].rstrip()
    return [written] if written and written not in ("null", "~") else []
