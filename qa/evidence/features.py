"""What the labels are decided on: for each category of cues how often it stands in a text, and which stand together."""

import re
from collections.abc import Sequence

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
_TOGETHER = [(f"{first} with {second}", _BIT[first] | _BIT[second]) for first, second in TOGETHER]
_STUDY_WISHED_FOR = _BIT["human_study"] | _BIT["wish"]

_DOMAINS = "|".join(("com", "net", "org", *LANGUAGES))

# Shape → the signs without one of which it cannot be there, and its expression; no signs where any text may have it.
_SHAPES: dict[str, tuple[str, re.Pattern[str]]] = {
    "exclamation marks": ("!", re.compile(r"!")),
    "question marks": ("?", re.compile(r"\?")),
    "trade marks": ("™®", re.compile(r"[™®]")),
    "prices": ("€$£", re.compile(r"[€$£] ?\d|\d ?[€$£]")),
    "figures": ("", re.compile(r"\d+")),
    "years": ("", re.compile(r"\b(?:19|20)\d\d\b")),
    "percent signs": ("%", re.compile(r"%")),
    "names": ("", re.compile(r" (?<=[a-zà-ý,;] )[A-ZÀ-Ý][\w’'-]+")),
    "reference marks": ("[(", re.compile(r"\[\d{1,3}\]|\(\d{1,2}\)")),
    "addresses": ("", re.compile(rf"www\.|\.(?:{_DOMAINS})\b|@|\b\d{{2,4}}(?:[ -]\d{{2,4}}){{2}}\b")),
    "quotation marks": ('«“"', re.compile(r"[«“\"]")),
}


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
        values[f"much {category}"] = min(count, _MANY) / _MANY
        everywhere |= _BIT[category]
    for name, both in _TOGETHER:
        if both & everywhere == both and any(both & found == both for found in sentences.values()):
            values[name] = 1.0
    if any(found & _STUDY_WISHED_FOR == _BIT["human_study"] for found in sentences.values()):
        values["human_study without wish"] = 1.0
    for name, (signs, shape) in _SHAPES.items():
        if signs and not any(sign in text for sign in signs):
            continue
        count = min(len(shape.findall(text)), 2 * _MANY)
        if count:
            values[name] = count / (2 * _MANY)
    values["length"] = min(len(text) / 1_000, 1.5)
    return values


def names() -> list[str]:
    """Every feature there is, in a fixed order."""
    listed = [name for category in CATEGORIES for name in (category, f"much {category}")]
    listed += [f"{first} with {second}" for first, second in TOGETHER]
    return [*listed, "human_study without wish", *_SHAPES, "length"]
