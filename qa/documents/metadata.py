"""What files tell of themselves, in the form that sources.toml has: dates in ISO 8601, languages as known codes."""

import re
from collections.abc import Mapping

from qa.language.registry import LANGUAGES

_LONGEST = 300  # characters of a title or a name; what is longer is no title
_NAMES = {
    "title": ("title", "dc.title"),
    "author": ("author", "authors", "by", "creator", "byline"),
    "published": ("published", "date", "publishdate", "pubdate", "publication_date", "date_published"),
    "language": ("language", "lang", "locale"),
    "url": ("url", "link", "canonical", "canonical_url", "source_url"),
}


def known_fields(told: Mapping[str, str]) -> dict[str, str]:
    """The fields of sources.toml that `told` fills, under whatever name; what cannot be understood is left out."""
    lowered = {key.strip().casefold().replace("-", "_"): " ".join(value.split()) for key, value in told.items()}
    found = {field: next((lowered[name] for name in names if lowered.get(name)), "") for field, names in _NAMES.items()}
    found["published"] = iso_date(found["published"]) or ""
    found["language"] = language_code(found["language"]) or ""
    if not re.match(r"https?://\S+$", found["url"]):
        found["url"] = ""
    return {field: value for field, value in found.items() if 0 < len(value) <= _LONGEST}


def iso_date(written: str) -> str | None:
    """`2019-03-19T08:00`, `2019/03/19`, `19 marzo 2019`, `March 2019` or `2019` in ISO 8601; None where unclear.

    `03/04/2019` is unclear: it is a day in March or in April.
    """
    text = written.strip().casefold()
    if match := re.match(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?(?![\d/.-])", text):
        year, _, month, day = match.groups()
        return _date(int(year), int(month) if month else None, int(day) if day else None)
    words = re.findall(r"[^\W\d_]+|\d+", text)
    months = {_month(word) for word in words} - {None}
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    days = [int(word) for word in words if re.fullmatch(r"\d{1,2}", word)]
    if len(months) == 1 and len(years) == 1 and len(days) <= 1:
        return _date(years[0], months.pop(), days[0] if days else None)
    return None


def _month(word: str) -> int | None:
    """The number of a month by its name, or its first three letters or more, in any known language."""
    for language in LANGUAGES.values():
        for number, name in enumerate(language.months, 1):
            if len(word) >= 3 and name.casefold().startswith(word):
                return number
    return None


def _date(year: int, month: int | None, day: int | None) -> str | None:
    if not 1000 <= year <= 2999 or not 1 <= (month or 1) <= 12 or not 1 <= (day or 1) <= 31:
        return None
    return "-".join([f"{year}", *(f"{part:02}" for part in (month, day if month else None) if part)])


def language_code(told: str) -> str | None:
    """The known language of `en-US`, `it_IT` or `English`; None for any other."""
    text = told.strip().casefold()
    code = re.split(r"[-_]", text)[0]
    if code in LANGUAGES:
        return code
    return next((language.code for language in LANGUAGES.values() if language.name.casefold() == text), None)
