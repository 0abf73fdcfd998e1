"""What Fonte says: the same messages in every language, the measured words letter for letter."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.errors import DataError
from qa.evidence.alerts import KINDS
from qa.evidence.caveats import LEVELS
from qa.language.messages import count, messages, say
from qa.language.registry import LANGUAGES

WORDS = tomllib.loads((Path(__file__).parents[1] / "data" / "caveat-words.toml").read_text("utf-8"))
BLANK = re.compile(r"\{(\w*)\}")


def flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def test_every_language_has_the_same_messages_with_the_same_blanks() -> None:
    blanks = {code: {key: sorted(BLANK.findall(text)) for key, text in flat(messages(code))} for code in LANGUAGES}
    assert len(blanks["en"]) > 20
    assert {code: found for code, found in blanks.items() if found != blanks["en"]} == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_message_is_empty_or_repeated_in_another_language(code: str) -> None:
    own = dict(flat(messages(code)))
    assert [key for key, text in own.items() if not text.strip()] == []
    others = [dict(flat(messages(other))) for other in LANGUAGES if other != code]
    assert [key for key, text in own.items() if any(text == other[key] for other in others)] == []


def test_the_words_of_the_product() -> None:
    assert set(LEVELS) | set(KINDS) | {"not_found", "notice"} == set(WORDS)


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind in LEVELS for code in LANGUAGES])
def test_the_words_of_caveats(kind: str, code: str) -> None:
    expected = WORDS[kind][code]
    assert say(code, f"caveats.{kind}.title") == expected["title"]
    assert say(code, f"caveats.{kind}.message") == expected["message"]


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind in KINDS for code in LANGUAGES])
def test_the_words_of_alerts(kind: str, code: str) -> None:
    assert say(code, f"alerts.{kind}") == WORDS[kind][code]["message"]


@pytest.mark.parametrize(("key", "code"), [(key, code) for key in ("notice", "not_found") for code in LANGUAGES])
def test_the_words_of_the_notice_and_of_not_found(key: str, code: str) -> None:
    assert say(code, key) == f"{WORDS[key][code]['title']}. {WORDS[key][code]['message']}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_that_readers_take_for_praise_are_not_used(code: str) -> None:
    praise = re.compile(r"promising|preliminary|controversial|promettent|preliminar|controvers", re.IGNORECASE)
    assert [key for key, text in flat(messages(code)) if praise.search(text)] == []


@pytest.mark.parametrize(
    ("code", "key", "number", "text"),
    [
        ("it", "passages", 0, "Nessun brano"),
        ("it", "passages", 1, "1 brano"),
        ("it", "passages", 3, "3 brani"),
        ("it", "cautions", 0, "nessuna avvertenza"),
        ("it", "cautions", 1, "1 avvertenza"),
        ("en", "passages", 2, "2 passages"),
        ("en", "cautions", 1, "1 caution"),
        ("en", "cautions", 0, "no caution"),
    ],
)
def test_singular_and_plural(code: str, key: str, number: int, text: str) -> None:
    assert count(code, key, number) == text


@pytest.mark.parametrize("key", ["nothing.here", "caveats.unheard.title", "notice.title", ""])
def test_a_message_that_is_not_there_is_named_with_its_file(key: str) -> None:
    with pytest.raises(DataError, match=rf"data/it/messages.toml: no message '{key}'"):
        say("it", key)
