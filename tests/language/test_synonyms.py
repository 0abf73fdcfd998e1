"""Synonym groups and everyday words: their form, and what some questions need of them."""

from collections import Counter

import pytest

from qa.language.everyday import everyday, everyday_entries
from qa.language.registry import LANGUAGES
from qa.language.synonyms import read_groups, synonyms
from qa.language.tokens import words


@pytest.mark.parametrize("code", LANGUAGES)
def test_form_of_the_synonyms(code: str) -> None:
    groups = list(read_groups(LANGUAGES[code].folder / "synonyms.txt"))
    assert len(groups) >= 300
    members = [[member.text for member in group] for group in groups]
    assert [group for group in members if len(set(group)) < len(group)] == []
    assert [text for group in members for text in group if text != " ".join(text.split()) or not words(text)] == []
    assert [group for group, count in Counter(frozenset(group) for group in members).items() if count > 1] == []
    assert [group for group in groups if group[0].near] == []  # a group is named by its first member


@pytest.mark.parametrize("code", LANGUAGES)
def test_form_of_the_everyday_words(code: str) -> None:
    entries = everyday_entries(code)
    assert len(entries) >= 1_000
    cells = {cell for asked, told in entries for cell in (asked, told.text)}
    assert [cell for cell in cells if cell != " ".join(cell.split()) or not words(cell)] == []
    assert [asked for asked, told in entries if asked == told.text] == []


@pytest.mark.parametrize(
    "code",
    [
        "en",
        pytest.param("it", marks=pytest.mark.xfail(strict=True, reason="trattamento <- intervento stands twice")),
    ],
)
def test_no_everyday_pair_stands_twice(code: str) -> None:
    counts = Counter((asked, told.text) for asked, told in everyday_entries(code))
    assert [pair for pair, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("code", "asked", "meant"),
    [
        ("en", "shingles", "herpes zoster"),
        ("it", "fuoco di Sant'Antonio", "herpes zoster"),
        ("en", "pins and needles", "tingling"),
        ("en", "jab", "injection"),
        ("it", "puntura", "iniezione"),
        ("it", "effetto collaterale", "effetti indesiderati"),
        ("it", "sciatica", "nervo sciatico"),
        ("en", "painkiller", "analgesic"),
    ],
)
def test_synonyms(code: str, asked: str, meant: str) -> None:
    assert meant in {other.text for _, other in synonyms(code).of(asked)}


@pytest.mark.parametrize(
    ("code", "asked"), [("en", "kidney stone of the pharaoh"), ("en", "zzz"), ("it", ""), ("it", "magnete")]
)
def test_what_has_no_synonym(code: str, asked: str) -> None:
    assert synonyms(code).of(asked) == []


def test_everyday_words_work_in_one_direction() -> None:
    assert "infusione" in {told.text for told in everyday("it").of("flebo")}
    assert "analgesic" in {told.text for told in everyday("en").of("kills pain")}
    assert {told.text for told in everyday("en").of("light at the end")} == {"hope"}
    assert everyday("en").of("powers")[0].near
