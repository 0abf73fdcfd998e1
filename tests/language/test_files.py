"""The strict readers: every complaint names the file, the line and what stands there."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import DataError
from qa.language.everyday import Told, read_everyday
from qa.language.files import DATA, only_keys, read_lines, read_table, read_toml, read_words, shown
from qa.language.registry import LANGUAGES
from qa.language.synonyms import Member, read_groups
from qa.language.translation import Pair, read_lexicon

HEAD = "en\tit\tweight\tnote\n"


def test_lines_keep_their_numbers_and_lose_comments_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("# a comment\n\none two\n   \nthree # no comment\n", "utf-8")
    assert list(read_lines(path)) == [(3, "one two"), (5, "three # no comment")]
    assert read_words(path) == {"one", "two", "three", "#", "no", "comment"}


def test_optional_columns_may_be_missing_or_empty(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text("a\tb\nc\td\t\ne\tf\tg\n", "utf-8")
    rows = read_table(path, ("left", "right", "note"), optional=1)
    assert list(rows) == [(1, ["a", "b", ""]), (2, ["c", "d", ""]), (3, ["e", "f", "g"])]


@pytest.mark.parametrize(
    ("content", "read", "complaint"),
    [
        # tables
        ("a\tb\nc\n", lambda p: list(read_table(p, ("form", "lemma"))), ":2: 1 columns, expected form lemma"),
        ("a\tb\tc\n", lambda p: list(read_table(p, ("form", "lemma"))), ":1: 3 columns, expected form lemma"),
        ("a\tb\n\t b\n", lambda p: list(read_table(p, ("form", "lemma"))), ":2: column 'form' is empty"),
        # the lexicon
        (f"{HEAD}pain\tdolore\theavy\n", read_lexicon, ":2: weight 'heavy' is not a number from 0 to 1"),
        (f"{HEAD}pain\tdolore\t1.5\n", read_lexicon, ":2: weight '1.5' is not a number from 0 to 1"),
        (f"{HEAD}pain\tdolore\t-1\n", read_lexicon, ":2: weight '-1' is not a number from 0 to 1"),
        (f"{HEAD}pain\tdolore\tnan\n", read_lexicon, ":2: weight 'nan' is not a number from 0 to 1"),
        (f"{HEAD}pain\t\t1\n", read_lexicon, ":2: column 'right' is empty"),
        (f"{HEAD}pain dolore 1\n", read_lexicon, ":2: 1 columns, expected left right weight note"),
        # synonyms
        ("pain | ache\npain\n", lambda p: list(read_groups(p)), ":2: a group needs two members or more"),
        ("pain | | ache\n", lambda p: list(read_groups(p)), ":1: a group needs two members or more, none of "),
        ("pain | ~\n", lambda p: list(read_groups(p)), ":1: a group needs two members or more, none of "),
        # everyday words
        ("# head\npain | ache\n", lambda p: list(read_everyday(p)), ":2: expected `text word <- asked | asked`"),
        ("<- ache\n", lambda p: list(read_everyday(p)), ":1: expected `text word <- asked | asked`, got '<- ache'"),
        ("pain <- ache | ~ \n", lambda p: list(read_everyday(p)), ":1: expected `text word <- asked | asked`"),
        # toml
        ("a = \n", read_toml, ": Invalid value (at line 1"),
        ("a = 1\na = 2\n", read_toml, ": Cannot overwrite a value (at line 2"),
    ],
)  # fmt: skip
def test_broken_files(content: str, read: Callable[[Path], object], complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.data"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError) as problem:
        read(path)
    assert str(problem.value).startswith(f"{path}{complaint}")


@pytest.mark.parametrize("read", [read_words, read_toml, lambda p: list(read_lines(p))])
def test_a_file_that_is_not_there_or_not_utf8_is_named(read: Callable[[Path], object], tmp_path: Path) -> None:
    absent, latin = tmp_path / "absent.txt", tmp_path / "latin.txt"
    latin.write_bytes("perché".encode("latin-1"))
    for path in (absent, latin):
        with pytest.raises(DataError, match=path.name):
            read(path)


def test_unknown_keys_are_named_with_the_known_ones() -> None:
    only_keys({"name": 1}, {"name", "date"}, "x.toml")
    with pytest.raises(DataError, match=r"^x\.toml: unknown key 'nmae', known are date, name$"):
        only_keys({"nmae": 1}, {"name", "date"}, "x.toml")


def test_right_rows_are_read(tmp_path: Path) -> None:
    lexicon, groups, everyday = tmp_path / "a.tsv", tmp_path / "b.txt", tmp_path / "c.txt"
    lexicon.write_text(f"{HEAD}parent\tparente\t0\tfalse friend\nparent\tgenitore\t1\n", "utf-8")
    groups.write_text("shingles | herpes zoster | ~ nerve pain\n", "utf-8")
    everyday.write_text("dose <- how much | ~ strength\n", "utf-8")
    assert read_lexicon(lexicon) == (
        Pair("parent", "parente", 0.0, "false friend"),
        Pair("parent", "genitore", 1.0, ""),
    )
    assert list(read_groups(groups)) == [
        [Member("shingles", False), Member("herpes zoster", False), Member("nerve pain", True)]
    ]
    assert list(read_everyday(everyday)) == [
        ("how much", Told("dose", False)),
        ("strength", Told("dose", True)),
    ]


@pytest.mark.parametrize("code", LANGUAGES)
def test_everyday_words_stand_on_one_line_for_each_word_of_texts(code: str) -> None:
    told = [line.partition("<-")[0].strip() for _, line in read_lines(LANGUAGES[code].folder / "everyday.txt")]
    assert len(told) > 1000
    assert [word for word, count in Counter(told).items() if count > 1] == []


def test_a_message_shows_no_machine_path_for_our_own_files() -> None:
    assert shown(DATA / "it" / "cues.toml") == "data/it/cues.toml"
