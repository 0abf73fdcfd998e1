"""How well Fonte warns: its caveats against passages that people labelled. What the labels mean is told in caveats.md.

Each caveat is a yes-or-no question about a passage, and so is `no_human`, "is it lacking human evidence", which four
evidence caveats answer together. Not scored: what two readers of the passage disputed, evidence whose subjects the text
does not tell, hedged reassurance of safety.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.evaluation.intervals import Figure, Floats, means, of_counts
from qa.evaluation.questions import choice_problem, complain, json_rows, read_bytes
from qa.evidence.assessment import assess
from qa.language.registry import LANGUAGES

REASONS = {
    "animal": "animal_evidence",
    "in_vitro": "laboratory_evidence",
    "unnamed": "unnamed_studies",
    "uncited": "uncited_claim",
}
"""Evidence label → the caveat it must bring when it is a passage's only reason."""

SCORED = ("promotional", "one_sided", "absolute_safety", "no_human")
CELLS = ("right warning", "false alarm", "missed", "rightly silent")
_ASIDE_IN_HARM = {"animal_evidence", "laboratory_evidence"}  # may be told in a passage that only warns
_FIELDS = (
    "id",
    "lang",
    "text",
    "promotional",
    "evidence",
    "claim",
    "safety",
    "disputed",
    "why",
    "note",
    "pair",
    "doc",
    "start",
    "end",
)
_EVIDENCE = ("human", "animal", "in_vitro", "unnamed", "uncited", "unclear", "no_claim")
_CHOICES = {
    "promotional": ("sell", "tone", "none"),
    "claim": ("benefit", "harm", "both", "none"),
    "safety": ("yes", "weak", "no"),
}


@dataclass(frozen=True)
class Labelled:
    """A passage as its readers labelled it. `pair` names the passage of another language that it translates."""

    id: str
    language: str
    text: str
    promotional: str
    evidence: frozenset[str]
    claim: str
    safety: str
    disputed: frozenset[str]
    why: str = ""
    pair: str | None = None

    @property
    def labels(self) -> str:
        """The labels in one line."""
        evidence = ", ".join(sorted(self.evidence))
        return f"promotional {self.promotional} · evidence {evidence} · claim {self.claim} · safety {self.safety}"

    def wanted(self) -> dict[str, bool | None]:
        """Whether each caveat should stand; None where that is not scored."""
        no_human = (
            False
            if "human" in self.evidence or self.claim in ("none", "harm")
            else None
            if "unclear" in self.evidence
            else True
        )
        promotional = "promotional" not in self.disputed
        return {
            "promotional": {"sell": True, "none": False}.get(self.promotional) if promotional else None,
            "one_sided": {"tone": True, "none": False}.get(self.promotional) if promotional else None,
            "absolute_safety": {"yes": True, "no": False}.get(self.safety),
            "no_human": no_human if "evidence" not in self.disputed else None,
        }


@dataclass(frozen=True)
class LabelledSet:
    """Labelled passages in file order."""

    name: str
    sha256: str
    rows: tuple[Labelled, ...]


@dataclass(frozen=True)
class Warned:
    """A labelled passage with the caveats it was given, and the cell of each scored caveat (index into CELLS)."""

    row: Labelled
    found: frozenset[str]
    cells: Mapping[str, int]
    right_reason: bool | None

    @property
    def errors(self) -> dict[str, str]:
        """Caveat → "false alarm" or "missed", where it is one."""
        return {name: CELLS[cell] for name, cell in self.cells.items() if cell in (1, 2)}

    @property
    def wrong(self) -> str:
        """What is wrong with the caveats, in words; empty where nothing is."""
        told = ", ".join(f"{name}: {error}" for name, error in self.errors.items())
        return told or ("not the right reason" if self.right_reason is False else "")


@dataclass(frozen=True)
class CaveatResult:
    """All figures about caveats. `tables`: caveat → language or "all" → (tp, fp, fn, tn). `values` per passage."""

    figures: Mapping[str, Figure]
    tables: Mapping[str, Mapping[str, tuple[int, int, int, int]]]
    reasons: Mapping[str, tuple[int, int]]
    warned: tuple[Warned, ...]

    @property
    def values(self) -> dict[str, dict[str, float]]:
        """Passage id → caveat → 1 where it was right, 0 where it was not: what two runs are compared by."""
        return {w.row.id: {f"{name}.right": float(c in (0, 3)) for name, c in w.cells.items()} for w in self.warned}


def read_labelled(path: Path) -> LabelledSet:
    """Reads labelled passages; raises QuestionSetError that lists what is wrong by file, line and field."""
    data = read_bytes(path)
    problems: list[str] = []
    rows: dict[str, Labelled] = {}
    for number, row in json_rows(path, data, problems):
        wrong = list(_problems(row))
        if isinstance(row.get("id"), str) and row["id"] in rows:
            wrong.append(f"field 'id': {row['id']!r} stands twice")
        problems += [f"{path}:{number}: {problem}" for problem in wrong]
        if not wrong:
            rows[row["id"]] = Labelled(
                row["id"],
                row["lang"],
                row["text"],
                row["promotional"],
                frozenset(row["evidence"]),
                row["claim"],
                row["safety"],
                frozenset(row.get("disputed", ())),
                row.get("why", ""),
                row.get("pair"),
            )
    if not problems and not rows:
        problems.append(f"{path}: holds no passage")
    complain(problems)
    return LabelledSet(path.name, hashlib.sha256(data).hexdigest(), tuple(rows.values()))


def _problems(row: Mapping[str, Any]) -> Iterable[str]:
    for name in row:
        if name not in _FIELDS:
            yield f"unknown field {name!r}, known are {', '.join(_FIELDS)}"
    for name in ("id", "text"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            yield f"field {name!r}: missing or empty"
    yield from choice_problem(row, "lang", tuple(LANGUAGES))
    for name, known in _CHOICES.items():
        yield from choice_problem(row, name, known)
    for name, known in (("evidence", _EVIDENCE), ("disputed", ("promotional", "evidence"))):
        value = row.get(name, [] if name == "disputed" else None)
        if not isinstance(value, list) or (name == "evidence" and not value) or not set(map(str, value)) <= set(known):
            yield f"field {name!r}: {value!r} is not a list of {', '.join(known)}"


def warn(row: Labelled) -> Warned:
    """Assesses the text alone, its language undeclared as it is through the API, and compares."""
    found = frozenset(caveat.kind for caveat in assess(row.text).caveats if caveat.scope == "passage")
    lacking = found & set(REASONS.values())
    if row.claim == "harm":
        lacking -= _ASIDE_IN_HARM
    cells = {}
    for name, want in row.wanted().items():
        if want is not None:
            got = bool(lacking) if name == "no_human" else name in found
            cells[name] = 0 if want and got else 1 if got else 2 if want else 3
    right = {REASONS[label] for label in row.evidence if label in REASONS}
    reasoned = lacking == right if row.wanted()["no_human"] and len(right) == 1 else None
    return Warned(row, found, cells, reasoned)


def measure_caveats(
    labelled: LabelledSet, progress: Callable[[Iterable[Labelled]], Iterable[Labelled]] = iter
) -> CaveatResult:
    """All figures: `promotional.F1`, `promotional.it.recall`, `no_human.false_alarms`, `right_reason`, `parity`, …"""
    warned = tuple(warn(row) for row in progress(labelled.rows))
    figures: dict[str, Figure] = {}
    tables: dict[str, dict[str, tuple[int, int, int, int]]] = {}
    for name in SCORED:
        for code in ("all", *sorted({w.row.language for w in warned})):
            cells = [w.cells[name] for w in warned if name in w.cells and code in ("all", w.row.language)]
            if cells:
                tables.setdefault(name, {})[code] = (
                    cells.count(0),
                    cells.count(1),
                    cells.count(2),
                    cells.count(3),
                )
                figures |= _figures(name if code == "all" else f"{name}.{code}", cells)
    judged = {
        code: [w for w in warned if w.right_reason is not None and code in ("all", w.row.language)]
        for code in ("all", *LANGUAGES)
    }
    for code, those in judged.items():
        rates = means({"": [float(bool(w.right_reason)) for w in those]})
        figures |= {"right_reason" if code == "all" else f"right_reason.{code}": rate for rate in rates.values()}
    reasons = {
        kind: [w.right_reason for w in judged["all"] if REASONS[min(w.row.evidence & set(REASONS))] == kind]
        for kind in REASONS.values()
    }
    same = _parity(warned)
    figures |= means({"parity": [float(equal) for equal in same]})
    return CaveatResult(
        figures, tables, {kind: (sum(map(bool, r)), len(r)) for kind, r in reasons.items() if r}, warned
    )


def _figures(name: str, cells: Sequence[int]) -> dict[str, Figure]:
    return {f"{name}.{label}": of_counts(cells, 4, ratio) for label, ratio in RATIOS.items()}


def _share(part: Floats, of: Floats) -> Floats:
    """part ÷ of; NaN where there is nothing to divide by."""
    return np.asarray(np.divide(part, of, out=np.full(len(part), np.nan), where=of > 0))


RATIOS: dict[str, Callable[[Floats], Floats]] = {
    "precision": lambda counts: _share(counts[:, 0], counts[:, 0] + counts[:, 1]),
    "recall": lambda counts: _share(counts[:, 0], counts[:, 0] + counts[:, 2]),
    "F1": lambda counts: _share(2 * counts[:, 0], 2 * counts[:, 0] + counts[:, 1] + counts[:, 2]),
    "false_alarms": lambda counts: _share(counts[:, 1], counts[:, 1] + counts[:, 3]),
}
"""Measures of rows of counts (tp, fp, fn, tn)."""


def _parity(warned: Iterable[Warned]) -> list[bool]:
    """For each passage that translates another: whether both were given the same caveats."""
    by_id = {w.row.id: w for w in warned}
    pairs = [(w, by_id[w.row.pair]) for w in by_id.values() if w.row.pair in by_id]
    once = {tuple(sorted((a.row.id, b.row.id))): a.found == b.found for a, b in pairs if a is not b}
    return [once[key] for key in sorted(once)]
