"""Languages are found by their folders, and every folder holds the same files."""

import shutil
from pathlib import Path

import pytest

from qa.errors import DataError
from qa.further import further_codes
from qa.language import registry
from qa.language.files import DATA, read_table
from qa.language.registry import FOUND, LANGUAGES, Language

LINES = {
    "name": 'name = "interlingua"',
    "english": 'english = "Interlingua"',
    "stemmer": 'stemmer = "italian"',
    "months": "months = [" + ", ".join(f'"mois {n}"' for n in range(1, 13)) + "]",
    "date": 'date = "{day} {month} {year}"',
}


def test_the_languages_are_the_folders() -> None:
    assert list(FOUND) == sorted(folder.name for folder in DATA.iterdir() if folder.is_dir())
    assert [language.code for language in FOUND.values()] == list(FOUND)


def test_two_languages_are_read_always_and_others_where_they_are_chosen() -> None:
    assert [code for code, language in FOUND.items() if language.always] == ["en", "it"]
    assert set(LANGUAGES) == {"en", "it", *further_codes()}


def test_every_language_has_the_same_file_names_and_none_is_empty() -> None:
    names = {code: sorted(path.name for path in language.folder.iterdir()) for code, language in LANGUAGES.items()}
    assert len(names["en"]) >= 14
    assert {code: listed for code, listed in names.items() if listed != names["en"]} == {}
    empty = [path for language in LANGUAGES.values() for path in language.folder.iterdir() if not path.stat().st_size]
    assert empty == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_no_word_list_is_empty(language: Language) -> None:
    lists = (language.stopwords, language.markers, language.elisions, language.abbreviations, language.forms)
    assert [len(listed) > 5 for listed in lists] == [True] * 5


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_forms_are_written_as_the_analysis_reads_them(language: Language) -> None:
    """Lower case, one word each; one form has one lemma, another than itself."""
    rows = [cells for _, cells in read_table(language.folder / "forms.tsv", ("form", "lemma"))]
    assert [form for form, _ in rows if form != form.lower() or " " in form] == []
    assert len(rows) == len({form for form, _ in rows})
    assert [(form, lemma) for form, lemma in rows if form == lemma] == []


@pytest.mark.parametrize(
    ("code", "iso", "written"),
    [
        ("it", "2019-03-19", "19 marzo 2019"),
        ("en", "2019-03-19", "19 March 2019"),
        ("it", "2019-03", "marzo 2019"),
        ("en", "2020-12-01", "1 December 2020"),
        ("en", "2019", "2019"),  # no month is made up
    ],
)
def test_dates_are_written_as_people_do(code: str, iso: str, written: str) -> None:
    assert LANGUAGES[code].write_date(iso) == written


def _folder(tmp_path: Path, lines: list[str]) -> Path:
    folder = tmp_path / "ia"
    folder.mkdir()
    (folder / "language.toml").write_text("\n".join(lines), "utf-8")
    return folder


def test_a_new_folder_is_a_language(tmp_path: Path) -> None:
    folder = _folder(tmp_path, list(LINES.values()))
    shutil.copy(LANGUAGES["it"].folder / "stopwords.txt", folder)
    language = registry._load(folder)
    assert (language.code, language.name, language.english) == ("ia", "interlingua", "Interlingua")
    assert not language.always
    assert language.write_date("2019-03-19") == "19 mois 3 2019"
    assert "della" in language.stopwords


def without(key: str) -> list[str]:
    return [line for name, line in LINES.items() if name != key]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (
            [*LINES.values(), "nmae = 1"],
            "language.toml: unknown key 'nmae', known are always, date, english, months, name, share, stemmer",
        ),
        (without("months"), "'months' must be a list of 12 names"),
        ([*without("months"), 'months = ["a"]'], "'months' must be a list of 12 names"),
        (without("name"), "'name' is none"),
        (without("english"), "'english' is none"),
        (without("stemmer"), "'stemmer' is none"),
        (without("date"), "'date' is none"),
        ([*LINES.values(), "share = 0.0"], "'share' must be a number above 0"),
        ([*LINES.values(), 'share = "half"'], "'share' must be a number above 0"),
        ([*LINES.values(), 'always = "yes"'], "'always' must be true or false"),
    ],
)
def test_a_broken_language_is_refused(lines: list[str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=complaint):
        registry._load(_folder(tmp_path, lines))
