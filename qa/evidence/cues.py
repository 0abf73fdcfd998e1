"""Cues: phrases that tell what a passage does, kept as data in `language/data/<code>/cues.toml`.

A file holds word classes and cues:

    [class]
    people = "volunteer* patient* (wo)?m?n"            # blank-separated words

    [[cue]]
    category = "human_study"                            # one of CATEGORIES
    patterns = ["trial of # <people>", "# <people> ~3 (took|received)"]
    matches  = ["In a trial of 60 women"]               # each must match one of the patterns
    ignores  = ["a trial of the heater"]                # none may match

Patterns are phrases over words, not regular expressions, so that matching is linear in the length of the text and a
reader can say them aloud; `qa/evidence/patterns.py` tells how they are written.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from qa.cache import Parts, digest, in_use, knowledge, packed, unpacked
from qa.errors import DataError
from qa.evidence.matcher import Matcher
from qa.evidence.patterns import Pattern, compile_pattern, written_out
from qa.language.files import DATA, only_keys, read_toml, shown
from qa.language.registry import LANGUAGES
from qa.language.tokens import Token, pieces

CATEGORIES: dict[str, str] = {
    # what sells, and what praises
    "call_to_action": "asks the reader to buy, book, call, click, discover, subscribe",
    "offer": "price, discount, delivery, guarantee, rental quoted to sell; shop furniture",
    "own_voice": "the seller speaks of itself: our products, we offer, vi proponiamo, il nostro centro",
    "seller": "a clinic, studio, shop, brand, product line, course or practitioner is put forward",
    "product": "a product is described as goods: formula, capsules, serum, device with model, 'ideal for'",
    "testimonial": "a satisfied customer's words, used to sell",
    "praise": "one-sided praise: miracle, promising, powerful, precious ally, dono della natura",
    "natural": "praise of the natural, gentle, ancient, chemical-free",
    "doubt": "balance: limits, drawbacks, doubts about the effect, no miracle, evidence is weak",
    "neutral_voice": "hospital, guideline, newspaper or encyclopedia register; advice to see a doctor",
    # what evidence is brought
    "human_study": "a study in people, told by design, number of people, journal with patients, cohort",
    "people": "people as the subjects of evidence: volunteers, women aged …, pazienti arruolati",
    "approval": "a named drug's regulatory approval, a guideline, a recommendation of an authority",
    "citation": "an identifiable source: journal, year, university, named author of a study",
    "study": "a study, trial, review, experiment is spoken of (of any sort)",
    "invoked": "studies invoked with nothing identifiable: studies show, clinically proven, [3], dicono gli esperti",
    "animal": "animals as the subjects of evidence",
    "laboratory": "cells, test tubes, cultures, extracts on cells",
    "wish": "a wish for studies, in people above all; evidence that is still missing",
    # what is claimed
    "benefit": "claims a health benefit: relieves, reduces pain, improves sleep, helps with",
    "harm": "tells of a risk, side effect, warning, interaction, contraindication",
    "condition": "a disease, symptom or bodily complaint is named",
    "negation": "denies an effect or evidence: no evidence that, did not improve, non è servito",
    # safety
    "absolute_safety": "promises no risk, no side effect, no addiction, no contraindication",
    "reassurance": "hedged reassurance: generally well tolerated, usually safe",
    "denied_safety": "a safety promise taken back: not without side effects, non è privo di rischi",
    # broad word classes: nothing is shown because of them, but how many there are says much about a passage
    "effect_good": "words of relief and positive change",
    "effect_bad": "words of harm and worsening",
    "body": "body parts and functions",
    "complaint": "diseases, symptoms, complaints, broadly",
    "remedy": "what is taken or done against them",
    "goods": "words of goods and commerce",
    "address": "the reader is addressed",
    "we": "an organisation says we",
    "i_story": "somebody tells a story of their own",
    "emotion": "enthusiastic or emotive words",
    "absolute": "totalising words: always, never, every, only",
    "hedge": "may, might, perhaps, preliminary, modest",
    "contrast": "but, however, although, despite",
    "study_words": "the vocabulary of study reports",
    "people_words": "words for people who can be subjects of a study",
    "animal_words": "animals, and what only animals have",
    "lab_words": "cells, cultures, assays",
    "definition": "the wording of definitions and encyclopedias",
    "logistics": "appointments, forms, navigation, companies, privacy",
    "advice": "neutral health advice",
    "time_to_effect": "within days, after the first session, overnight",
    "amount_of_effect": "by 30 percent, halved, twice as",
    "past_result": "results told in the past tense: fell, improved, did not differ",
}


class Match(NamedTuple):
    """A cue found in a text: its category, its place in code points, and the number of its sentence."""

    category: str
    start: int
    end: int
    sentence: int = 0


class CueSet:
    """All cues of one file, compiled; `find` gives the matches of a text in order."""

    def __init__(
        self, path: Path, categories: Collection[str] = CATEGORIES, abbreviations: frozenset[str] = frozenset()
    ) -> None:
        self._path = path
        self._categories, self._matcher = _kept(path, categories, abbreviations)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as written."""
        return list(read_toml(self._path).get("cue", []))

    def find(self, text: str, tokens: Sequence[Token] | None = None) -> list[Match]:
        """Every cue of `text`, in order of place; of one category only the longest of overlapping ones."""
        tokens = pieces(text) if tokens is None else tokens
        categories = self._categories
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        sentence_of: dict[int, int] = {}
        for number, start, end, sentence in self._matcher.find(text, tokens):
            found[categories[number]].append((start, -end))
            sentence_of[start] = sentence
        new = tuple.__new__
        matches = [
            new(Match, (category, tokens[start][1], tokens[-back - 1][2], sentence_of[start]))
            for category, spans in found.items()
            for start, back in (spans if len(spans) == 1 else _longest(spans))
        ]
        matches.sort(key=_PLACE)
        return matches


_PLACE = itemgetter(1, 2, 0)


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of overlapping spans the longest, the first of equal ones. Spans are (start, minus end): long ones sort first."""
    kept: list[tuple[int, int]] = []
    last_start, last_end = -1, -1
    for span in sorted(set(spans)):
        start, back = span
        if start >= last_end:
            kept.append(span)
            last_start, last_end = start, -back
        elif -back - start > last_end - last_start:
            kept[-1] = span
            last_start, last_end = start, -back
    return kept


def _kept(path: Path, categories: Collection[str], abbreviations: frozenset[str]) -> tuple[list[str], Matcher]:
    """The compiled cues of a file: a language's own from the cache as long as nothing they depend on has changed."""
    if not path.is_relative_to(DATA):
        return _compiled(path, categories, abbreviations)

    def make() -> Parts:
        listed, matcher = _compiled(path, categories, abbreviations)
        return {"cues": packed((listed, matcher.state()))}

    key = digest([knowledge(), path.relative_to(DATA).as_posix(), *categories, *sorted(abbreviations)])
    parts = in_use().kept(f"{path.parent.name}-{path.stem}", key, make)
    listed, state = unpacked(parts["cues"])
    return listed, Matcher.restored(state)


def _compiled(path: Path, categories: Collection[str], abbreviations: frozenset[str]) -> tuple[list[str], Matcher]:
    """(category of each pattern, the matcher of them); raises DataError for a file that breaks the rules."""
    table = read_toml(path)
    only_keys(table, {"class", "cue"}, shown(path))
    classes = {name: str(words).split() for name, words in table.get("class", {}).items()}
    listed: list[str] = []
    patterns: list[Pattern] = []
    for number, row in enumerate(table.get("cue", []), 1):
        where = f"{shown(path)}: cue {number}"
        only_keys(row, {"category", "patterns", "matches", "ignores", "why"}, where)
        if row.get("category") not in categories:
            raise DataError(f"{where}: category {row.get('category')!r} is not one of {', '.join(categories)}")
        if not row.get("patterns"):
            raise DataError(f"{where}: no patterns")
        for pattern in row["patterns"]:
            written = written_out(compile_pattern(pattern, classes, f"{where}: pattern {pattern!r}"))
            patterns += written
            listed += [row["category"]] * len(written)
    samples = [text for row in table.get("cue", []) for text in (*row.get("matches", ()), *row.get("ignores", ()))]
    return listed, Matcher(patterns, frozenset(classes.get("number", ())), abbreviations, samples)


@cache
def cues_of(code: str) -> CueSet:
    """The cues of the language `code`."""
    language = LANGUAGES[code]
    return CueSet(language.folder / "cues.toml", abbreviations=language.abbreviations)
