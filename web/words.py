"""The interface's own words, one file a language under `strings/`. The engine's are in `qa.language.messages`."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from qa.errors import DataError
from qa.language.files import read_toml
from qa.language.messages import DEFAULT
from qa.language.registry import LANGUAGES

STRINGS = Path(__file__).parent / "strings"


class Words:
    """The strings of one language: `words("key")`, and `words.count("key", 2)` for the plural forms."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.path = STRINGS / f"{code}.toml"
        self.table = read_toml(self.path)

    def __call__(self, key: str, **values: object) -> str:
        """The string under a dotted key, its blanks filled in; raises DataError where there is none."""
        found: Any = self.table
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, str):
            raise DataError(f"{self.path.name}: no string {key!r}")
        if "{languages}" in found:
            values = {"languages": self.languages(), **values}
        return found.format(**values) if values else found

    def count(self, key: str, number: int) -> str:
        """A string with a number, in the right plural form; thousands set apart as the language does."""
        form = "one" if number == 1 else "other"
        return self(f"{key}.{form}", count=f"{number:,}".replace(",", self.table["thousands"]))

    def tenths(self, number: int) -> str:
        """A number of tenths written out with one decimal place: 106 is 10.6."""
        sign = "−" if number < 0 else ""
        return f"{sign}{abs(number) // 10}{self.table['decimal']}{abs(number) % 10}"

    def language(self, code: str | None) -> str:
        """A language's name in this language, for "in Italian"; by its own name where the file has none."""
        if code is None:
            return self("languages.unknown")
        own = LANGUAGES[code].name if code in LANGUAGES else code
        return str(self.table["languages"].get(code, own))

    def languages(self) -> str:
        """The known languages by their names in this one, `English or Italian`."""
        named = [self.language(code) for code in LANGUAGES]
        return f" {self.table['or']} ".join(filter(None, (", ".join(named[:-1]), named[-1])))

    def date(self, iso: str) -> str:
        """An ISO date written out."""
        return LANGUAGES[self.code].write_date(iso)


@lru_cache(maxsize=1)
def known() -> dict[str, Words]:
    """The languages of the interface, the default first: those Fonte knows that have a file of strings."""
    codes = sorted(LANGUAGES, key=lambda code: (code != DEFAULT, code))
    return {code: Words(code) for code in codes if (STRINGS / f"{code}.toml").is_file()}


def words_of(code: str | None) -> Words:
    """The strings of a language, or of the first known one where it has none."""
    return known().get(code or "") or next(iter(known().values()))
