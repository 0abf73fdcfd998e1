"""The known languages: one value each, found by their folders under `data/`.

Adding a language is adding a folder with the same file names, and its lexicons; no code knows a language by name
(docs/languages.md). A language whose `language.toml` says `always = true` is read in every process, another one only
where it is chosen (`qa.further`): a language more changes what is detected, and so what is answered and refused.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qa.errors import DataError
from qa.further import further_codes
from qa.language.files import DATA, only_keys, read_table, read_toml, read_words, shown
from qa.language.tokens import fold


@dataclass(frozen=True)
class Language:
    """What the rest of Fonte may know of a language; bigger knowledge is read from `folder` when first used.

    `always`: read in every process, not only where it is chosen. `share`: of the label thresholds of the languages
    the label model was trained on, where it was not trained on this one; young cue files miss more than they invent.
    """

    code: str
    name: str
    english: str
    always: bool
    stemmer: str
    months: tuple[str, ...]
    date: str
    folder: Path
    share: float = 1.0

    @cached_property
    def stopwords(self) -> frozenset[str]:
        """Function words: no terms of retrieval, but what detection goes by."""
        return read_words(self.folder / "stopwords.txt")

    @cached_property
    def bare_stopwords(self) -> frozenset[str]:
        """The same as people type them without accents ("perche")."""
        return frozenset(fold(word) for word in self.stopwords)

    @cached_property
    def markers(self) -> frozenset[str]:
        """Words that tell this language from others though they carry meaning."""
        return read_words(self.folder / "markers.txt")

    @cached_property
    def elisions(self) -> frozenset[str]:
        """Pieces dropped beside an apostrophe."""
        return read_words(self.folder / "elisions.txt")

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """Words whose full stop ends no sentence."""
        return read_words(self.folder / "abbreviations.txt")

    @cached_property
    def forms(self) -> dict[str, str]:
        """Irregular inflected form → dictionary form."""
        rows = read_table(self.folder / "forms.tsv", ("form", "lemma"))
        return {form: lemma for _, (form, lemma) in rows}

    def write_date(self, iso: str) -> str:
        """`2019-03-19` as people of this language write it; a year alone, or year and month, stay as short."""
        parts = [int(part) for part in iso.split("-")]
        if len(parts) == 1:
            return str(parts[0])
        month = self.months[parts[1] - 1]
        if len(parts) == 2:
            return f"{month} {parts[0]}"
        return self.date.format(day=parts[2], month=month, year=parts[0])


def _load(folder: Path) -> Language:
    path = folder / "language.toml"
    table = read_toml(path)
    only_keys(table, {"name", "english", "always", "share", "stemmer", "months", "date"}, shown(path))
    for key in ("name", "english", "stemmer", "date"):
        if not isinstance(table.get(key), str):
            raise DataError(f"{shown(path)}: 'name', 'english', 'stemmer', 'date' must be texts; {key!r} is none")
    always = table.get("always", False)
    if not isinstance(always, bool):
        raise DataError(f"{shown(path)}: 'always' must be true or false")
    if len(table.get("months", [])) != 12:
        raise DataError(f"{shown(path)}: 'months' must be a list of 12 names")
    share = table.get("share", 1.0)
    if not isinstance(share, float) or not 0 < share <= 1:
        raise DataError(f"{shown(path)}: 'share' must be a number above 0, at most 1.0")
    texts = (table["name"], table["english"], always, table["stemmer"])
    return Language(folder.name, *texts, tuple(table["months"]), table["date"], folder, share)


FOUND: dict[str, Language] = {
    folder.name: _load(folder) for folder in sorted(DATA.iterdir()) if (folder / "language.toml").is_file()
}
"""Every language there is data of."""

LANGUAGES: dict[str, Language] = {
    code: language for code, language in FOUND.items() if language.always or code in further_codes()
}
"""The languages that are read: those of every process, and those chosen for this one."""
