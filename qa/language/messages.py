"""What Fonte itself says, from `data/<code>/messages.toml`; every language has the same keys (a test compares them)."""

from functools import cache
from typing import Any

from qa.errors import DataError
from qa.language.files import read_toml, shown
from qa.language.registry import LANGUAGES

DEFAULT = "en" if "en" in LANGUAGES else next(iter(LANGUAGES))


@cache
def messages(code: str) -> dict[str, Any]:
    """The whole table of a language."""
    return read_toml(LANGUAGES[code].folder / "messages.toml")


def say(code: str, key: str, **values: str) -> str:
    """The message under a dotted key, its blanks filled in; raises DataError where the language lacks it."""
    found: Any = messages(code)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            raise DataError(f"{shown(LANGUAGES[code].folder / 'messages.toml')}: no message {key!r}")
        found = found[part]
    return str(found).format(**values) if values else str(found)


def count(code: str, key: str, number: int) -> str:
    """A message with a number, in the right plural form."""
    form = {0: "none", 1: "one"}.get(number, "other")
    return say(code, f"{key}.{form}", count=str(number))


def english_names(joint: str) -> str:
    """The known languages by their English names, `Italian or English`, for programs that read about Fonte."""
    return joint.join(language.english for language in LANGUAGES.values())


def language_names(joint: str = ", ") -> str:
    """The known languages, each by its own name."""
    return joint.join(language.name for language in LANGUAGES.values())
