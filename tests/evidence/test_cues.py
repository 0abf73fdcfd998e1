"""The cue files: every row's own examples, the same knowledge in all languages, and what the loader refuses."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from qa.answering.smalltalk import KINDS, smalltalk
from qa.errors import DataError
from qa.evidence.cues import CATEGORIES, CueSet, Match
from qa.evidence.matcher import Matcher
from qa.evidence.patterns import compile_pattern, written_out
from qa.language.files import DATA, read_toml
from qa.language.registry import LANGUAGES
from qa.language.tokens import pieces
from qa.retrieval.facts import FACTS

FILES = ["cues.toml", "facts.toml"]


def rows(code: str, name: str) -> list[dict[str, Any]]:
    return list(read_toml(DATA / code / name)["cue"])


def compiled(code: str, name: str) -> Iterator[tuple[dict[str, Any], Matcher]]:
    """Each row with a matcher of its own patterns and the classes of its file."""
    table = read_toml(DATA / code / name)
    classes = {key: words.split() for key, words in table.get("class", {}).items()}
    numbers = frozenset(classes.get("number", ()))
    for row in table["cue"]:
        patterns = [w for text in row["patterns"] for w in written_out(compile_pattern(text, classes, text))]
        yield row, Matcher(patterns, numbers, LANGUAGES[code].abbreviations)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_matches_its_examples_and_ignores_the_others(code: str, name: str) -> None:
    def matched(matcher: Matcher, text: str) -> bool:
        return any(True for _ in matcher.find(text, pieces(text)))

    wrong, tried = [], 0
    for row, matcher in compiled(code, name):
        wrong += [(row["category"], "misses", text) for text in row["matches"] if not matched(matcher, text)]
        wrong += [(row["category"], "takes", text) for text in row.get("ignores", ()) if matched(matcher, text)]
        tried += len(row["matches"])
    assert tried >= len(rows(code, name)) > 50
    assert wrong == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_of_smalltalk(code: str) -> None:
    listed = rows(code, "smalltalk.toml")
    assert {row["category"] for row in listed} == set(KINDS)
    wrong = [
        text
        for row in listed
        for text in row["matches"]
        if smalltalk(text) not in {(row["category"], c) for c in LANGUAGES}
    ]
    assert wrong == []
    assert [text for row in listed for text in row["ignores"] if smalltalk(text) is not None] == []


@pytest.mark.parametrize("name", [*FILES, "smalltalk.toml"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_row_is_without_examples(code: str, name: str) -> None:
    assert [row["patterns"] for row in rows(code, name) if not row.get("matches")] == []


@pytest.mark.parametrize("name", [*FILES, "smalltalk.toml"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_row_is_without_counter_examples(code: str, name: str) -> None:
    assert [row["patterns"][0] for row in rows(code, name) if not row.get("ignores")] == []


@pytest.mark.parametrize("name", [*FILES, "smalltalk.toml"])
def test_every_language_has_the_same_categories(name: str) -> None:
    categories = {code: {row["category"] for row in rows(code, name)} for code in LANGUAGES}
    assert {code: found ^ categories["en"] for code, found in categories.items() if found != categories["en"]} == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_category_is_empty(code: str) -> None:
    patterns: Counter[str] = Counter()
    for row in rows(code, "cues.toml"):
        patterns[row["category"]] += len(row["patterns"])
    assert set(patterns) == set(CATEGORIES)
    assert [category for category, count in patterns.items() if count < 2] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_fact_has_both_sides(code: str) -> None:
    categories = {row["category"] for row in rows(code, "facts.toml")}
    assert {f"{side}_{fact}" for fact in FACTS for side in ("asks", "tells")} ^ categories == set()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[[cue]]\ncategory = "praise"\npatterns = ["a"]\ncolour = 1\n', "cue 1: unknown key 'colour'"),
        ('[[cue]]\ncategory = "prase"\npatterns = ["a"]\n', "cue 1: category 'prase' is not one of "),
        ('[[cue]]\npatterns = ["a"]\n', "cue 1: category None is not one of "),
        ('[[cue]]\ncategory = "praise"\n', "cue 1: no patterns"),
        ('[[cue]]\ncategory = "praise"\npatterns = []\n', "cue 1: no patterns"),
        (
            '[[cue]]\ncategory = "praise"\npatterns = ["a"]\n[[cue]]\ncategory = "praise"\npatterns = ["(a"]\n',
            "cue 2: pattern '(a': '(' without ')'",
        ),
        ('[[cue]]\ncategory = "praise"\npatterns = ["<x>"]\n', "cue 1: pattern '<x>': no class 'x'"),
        ("[cues]\n", "unknown key 'cues', known are class, cue"),
        ("[[cue]\n", "Expected ']]'"),
    ],
)
def test_what_the_loader_refuses(content: str, complaint: str, tmp_path: Any) -> None:
    path = tmp_path / "cues.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError) as problem:
        CueSet(path)
    assert str(problem.value).startswith(f"{path}: {complaint}")


def test_a_small_file_end_to_end(tmp_path: Any) -> None:
    path = tmp_path / "cues.toml"
    path.write_text(
        '[class]\nnumber = "sixty"\npeople = "women men"\n'
        '[[cue]]\ncategory = "people"\npatterns = ["# <people>", "# <people> over #"]\n'
        '[[cue]]\ncategory = "study"\npatterns = ["trial"]\n',
        "utf-8",
    )
    text = "A trial. Sixty women over 60, and men."
    assert CueSet(path).find(text) == [Match("study", 2, 7, 0), Match("people", 9, 28, 1)]
    assert CueSet(path).rows[1]["category"] == "study"
