"""What the labels are decided on: for each category of cues how often it stands in a text, and which stand together."""

import re
from collections import Counter
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

_SHAPES: dict[str, re.Pattern[str]] = {
    "exclamation marks": re.compile(r"!"),
    "question marks": re.compile(r"\?"),
    "trade marks": re.compile(r"[™®]"),
    "prices": re.compile(r"[€$£] ?\d|\d ?[€$£]"),
    "figures": re.compile(r"\d+"),
    "years": re.compile(r"\b(?:19|20)\d\d\b"),
    "percent signs": re.compile(r"%"),
    "names": re.compile(r"(?<=[a-zà-ý,;] )[A-ZÀ-Ý][\w’'-]+"),
    "reference marks": re.compile(r"\[\d{1,3}\]|\(\d{1,2}\)"),
    "addresses": re.compile(rf"www\.|\.(?:com|net|org|{'|'.join(LANGUAGES)})\b|@|\b\d{{2,4}}(?:[ -]\d{{2,4}}){{2}}\b"),
    "quotation marks": re.compile(r"[«“\"]"),
}


def features(text: str, matches: Sequence[Match]) -> dict[str, float]:
    """Feature → value from 0 to 1: presence and frequency of each category, pairs within a sentence, and shapes."""
    counts = Counter(match.category for match in matches)
    sentences: dict[int, set[str]] = {}
    for match in matches:
        sentences.setdefault(match.sentence, set()).add(match.category)
    values: dict[str, float] = {}
    for category, count in counts.items():
        values[category] = 1.0
        values[f"much {category}"] = min(count, _MANY) / _MANY
    for first, second in TOGETHER:
        if any(first in found and second in found for found in sentences.values()):
            values[f"{first} with {second}"] = 1.0
    if any("human_study" in found and "wish" not in found for found in sentences.values()):
        values["human_study without wish"] = 1.0
    for name, shape in _SHAPES.items():
        count = min(sum(1 for _ in shape.finditer(text)), 2 * _MANY)
        if count:
            values[name] = count / (2 * _MANY)
    values["length"] = min(len(text) / 1_000, 1.5)
    return values


def names() -> list[str]:
    """Every feature there is, in a fixed order."""
    listed = [name for category in CATEGORIES for name in (category, f"much {category}")]
    listed += [f"{first} with {second}" for first, second in TOGETHER]
    return [*listed, "human_study without wish", *_SHAPES, "length"]
