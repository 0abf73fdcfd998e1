"""What the labels are decided on: for each category of cues how often it stands in a text, and which stand together."""

import re
from collections.abc import Iterator, Sequence

from qa.evidence.cues import CATEGORIES, Match
from qa.language.registry import LANGUAGES

_MANY = 4  # a category found more often than this counts no more

# Categories whose standing in one sentence says more than each of them somewhere in the text.
TOGETHER = (
    ("study", "people"),
    ("study", "animal"),
    ("study", "laboratory"),
    ("study_words", "people_words"),
    ("study_words", "animal_words"),
    ("study_words", "lab_words"),
    ("people_words", "past_result"),
    ("animal_words", "past_result"),
    ("people", "benefit"),
    ("people_words", "effect_good"),
    ("citation", "people"),
    ("citation", "study"),
    ("human_study", "benefit"),
    ("human_study", "wish"),
    ("people", "wish"),
    ("invoked", "benefit"),
    ("invoked", "effect_good"),
    ("benefit", "condition"),
    ("benefit", "animal"),
    ("benefit", "laboratory"),
    ("benefit", "harm"),
    ("benefit", "negation"),
    ("own_voice", "benefit"),
    ("product", "benefit"),
    ("effect_good", "complaint"),
    ("effect_good", "body"),
    ("remedy", "effect_good"),
    ("goods", "effect_good"),
    ("goods", "address"),
    ("we", "effect_good"),
    ("i_story", "effect_good"),
    ("effect_bad", "remedy"),
    ("emotion", "effect_good"),
    ("absolute", "effect_good"),
)

# Each category as one bit of a number, so that what stands in a sentence is one number, and so is a pair.
_BIT = {category: 1 << at for at, category in enumerate(CATEGORIES)}
_MUCH = {category: f"much {category}" for category in CATEGORIES}
_TOGETHER = [(f"{first} with {second}", _BIT[first] | _BIT[second]) for first, second in TOGETHER]
_STUDY_WISHED_FOR = _BIT["human_study"] | _BIT["wish"]

_DOMAINS = "|".join(("com", "net", "org", *LANGUAGES))

# Shape → the signs that are counted.
_SIGNS = {
    "exclamation marks": "!",
    "question marks": "?",
    "trade marks": "™®",
    "percent signs": "%",
    "quotation marks": '«“"',
}
_FIGURES = re.compile(r"\d+")
_NAMES = re.compile(r" (?<=[a-zà-ý,;] )[A-ZÀ-Ý][\w’'-]+")
_ADDRESSES = re.compile(rf"www\.|\.(?:{_DOMAINS})\b|@|\b\d{{2,4}}(?:[ -]\d{{2,4}}){{2}}\b")
_ADDRESS_BEGINS = re.compile(rf"\.(?:{_DOMAINS})\b")

# Shapes that hold a figure → the signs without one of which they cannot be there ("" for none), and their expression.
_WITH_FIGURES: dict[str, tuple[str, re.Pattern[str]]] = {
    "prices": ("€$£", re.compile(r"[€$£] ?\d|\d ?[€$£]")),
    "years": ("", re.compile(r"\b(?:19|20)\d\d\b")),
    "reference marks": ("[(", re.compile(r"\[\d{1,3}\]|\(\d{1,2}\)")),
}
_SHAPES = (
    "exclamation marks",
    "question marks",
    "trade marks",
    "prices",
    "figures",
    "years",
    "percent signs",
    "names",
    "reference marks",
    "addresses",
    "quotation marks",
)


def features(text: str, matches: Sequence[Match]) -> dict[str, float]:
    """Feature → value from 0 to 1: presence and frequency of each category, pairs within a sentence, and shapes."""
    counts: dict[str, int] = {}
    sentences: dict[int, int] = {}
    for match in matches:
        category, sentence = match.category, match.sentence
        counts[category] = counts.get(category, 0) + 1
        sentences[sentence] = sentences.get(sentence, 0) | _BIT[category]
    values: dict[str, float] = {}
    everywhere = 0
    for category, count in counts.items():
        values[category] = 1.0
        values[_MUCH[category]] = min(count, _MANY) / _MANY
        everywhere |= _BIT[category]
    for name, both in _TOGETHER:
        if both & everywhere == both:
            for found in sentences.values():
                if both & found == both:
                    values[name] = 1.0
                    break
    if any(found & _STUDY_WISHED_FOR == _BIT["human_study"] for found in sentences.values()):
        values["human_study without wish"] = 1.0
    for name, count in _shapes(text):
        if count:
            values[name] = min(count, 2 * _MANY) / (2 * _MANY)
    values["length"] = min(len(text) / 1_000, 1.5)
    return values


def _shapes(text: str) -> Iterator[tuple[str, int]]:
    """How often each shape stands in a text; what cannot be there is not looked for."""
    for name, signs in _SIGNS.items():
        yield name, sum(map(text.count, signs))
    figures = len(_FIGURES.findall(text))
    yield "figures", figures
    yield "names", len(_NAMES.findall(text))
    if "@" in text or "www." in text or figures > 2 or _ADDRESS_BEGINS.search(text):
        yield "addresses", len(_ADDRESSES.findall(text))
    if figures:
        for name, (signs, shape) in _WITH_FIGURES.items():
            if not signs or any(sign in text for sign in signs):
                yield name, len(shape.findall(text))


def names() -> list[str]:
    """Every feature there is, in a fixed order."""
    listed = [name for category in CATEGORIES for name in (category, _MUCH[category])]
    listed += [f"{first} with {second}" for first, second in TOGETHER]
    return [*listed, "human_study without wish", *_SHAPES, "length"]
