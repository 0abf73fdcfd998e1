"""The languages this process reads beyond those it always reads: `QA_LANGUAGES`, else `languages` in fonte.toml.

Read once, when the languages are found: what a language's words mean to detection, lexicons and index must not change
while an answerer is open. `qa.settings` checks the value and shows where it came from.
"""

import os
import tomllib
from functools import cache
from pathlib import Path

FILE = "fonte.toml"
"""Settings are read from it where it lies in the working folder."""


@cache
def further_codes() -> tuple[str, ...]:
    """The codes named, in order, each once; whether there is such a language is not asked here."""
    named = os.environ.get("QA_LANGUAGES")
    if named is None:
        try:
            named = tomllib.loads(Path(FILE).read_text("utf-8")).get("languages", "")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            named = ""  # a broken file is for `load_settings` to complain of
    return split_codes(named) if isinstance(named, str) else ()


def split_codes(named: str) -> tuple[str, ...]:
    """`fr, de` or `fr de` as codes."""
    return tuple(dict.fromkeys(named.replace(",", " ").split()))
