"""One evaluation as a JSON file: figures, where they come from, and every question's own values. Read back strictly."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.errors import QuestionSetError
from qa.evaluation.baselines import Row
from qa.evaluation.caveats import CaveatResult
from qa.evaluation.intervals import Figure
from qa.evaluation.measures import Result
from qa.evaluation.misses import Miss, miss_json
from qa.evaluation.outcomes import Asked, Outcome, paired
from qa.evaluation.questions import QuestionSet, read_bytes

KEPT = 10
"""Passages of each ranking that a complete result lists."""


@dataclass(frozen=True)
class Evaluation:
    """Everything one run of the script found out; what it was not asked for is None or empty."""

    settings: Mapping[str, Any]
    questions: QuestionSet | None = None
    asked: Asked | None = None
    result: Result | None = None
    caveats: CaveatResult | None = None
    baselines: tuple[Row, ...] = ()
    latency: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure by its name; the clock's are not among them."""
        answers = self.result.figures if self.result else {}
        warnings = self.caveats.figures if self.caveats else {}
        return {**answers, **warnings}

    @property
    def complete(self) -> bool:
        """False when it was interrupted."""
        return self.asked is None or self.asked.complete

    @property
    def n(self) -> int:
        """Questions asked, or passages labelled where no question was."""
        return len(self.asked.outcomes) if self.asked else len(self.caveats.warned) if self.caveats else 0


@dataclass(frozen=True)
class Saved:
    """An evaluation read back from its file, as far as comparing and resuming need it."""

    path: Path
    measures: Mapping[str, float]
    settings: Mapping[str, Any]
    complete: bool
    items: tuple[Mapping[str, Any], ...]


def to_json(evaluation: Evaluation, timing: bool = False, misses: Iterable[Miss] | None = None) -> str:
    """The file's text; the same evaluation gives the same bytes unless `timing` puts the clock in."""
    figures = evaluation.figures | (dict(evaluation.latency) if timing else {})
    top: dict[str, Any] = {
        "measures": {name: figure.value for name, figure in figures.items()},
        "n": evaluation.n,
        "complete": evaluation.complete,
        "settings": evaluation.settings,
        "intervals": {name: [figure.low, figure.high] for name, figure in figures.items()},
        "counts": {name: figure.n for name, figure in figures.items()},
    }
    if evaluation.baselines:
        top["baselines"] = [row_json(row) for row in evaluation.baselines]
    if evaluation.result and evaluation.result.curve:
        top["curve"] = [[p.confidence, p.coverage, p.risk] for p in evaluation.result.curve.points]
    if evaluation.caveats:
        top["confusion"] = {k: {c: list(t) for c, t in table.items()} for k, table in evaluation.caveats.tables.items()}
        top["reasons"] = {kind: list(counts) for kind, counts in evaluation.caveats.reasons.items()}
    if misses is not None:
        top["misses"] = [miss_json(miss) for miss in misses]
    parts = [f'"{key}": {_compact(value)}' for key, value in top.items()]
    rows = ",\n  ".join(_compact(item) for item in _items(evaluation))
    return "{" + ",\n ".join([*parts, f'"items": [\n  {rows}\n ]']) + "}\n"


def row_json(row: Row) -> dict[str, Any]:
    """A row of the baselines table."""
    return {
        "name": row.name,
        "about": row.about,
        "measures": {name: figure.value for name, figure in row.figures.items()},
        "intervals": {name: [figure.low, figure.high] for name, figure in row.figures.items()},
        "p": row.p,
    }


def _items(evaluation: Evaluation) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if evaluation.questions and evaluation.asked and evaluation.result:
        for question, outcome in paired(evaluation.questions, evaluation.asked):
            values = evaluation.result.values.get(question.id, {})
            item: dict[str, Any] = {
                "id": question.id,
                "kind": question.kind,
                "lang": question.language,
                "text": question.text,
            }
            item |= {"values": {name: round(value, 6) for name, value in values.items()}}
            if outcome.answered is not None:
                item |= {"answered": outcome.answered, "confidence": outcome.confidence}
            item["ranking"] = [list(hit) for hit in outcome.ranking[: KEPT if evaluation.complete else None]]
            if not evaluation.complete:
                item["outcome"] = {"shown": outcome.shown, "exact": outcome.exact, "seconds": outcome.seconds}
            items.append(item)
    if evaluation.caveats:
        right = evaluation.caveats.values
        for warned in evaluation.caveats.warned:
            row = warned.row
            items.append(
                {"id": row.id, "kind": "caveats", "lang": row.language, "text": row.text[:200]}
                | {"values": right[row.id], "found": sorted(warned.found), "errors": warned.errors}
            )
    return items


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def save(text: str, path: Path) -> None:
    """Writes a file whole or not at all, so that an interruption never leaves half of one."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise QuestionSetError(f"{path}: cannot be written: {problem.strerror}") from problem


def read_results(path: Path) -> Saved:
    """Reads what `to_json` wrote; raises QuestionSetError that names what is missing."""
    data = read_bytes(path)
    try:
        top = json.loads(data.decode("utf-8"))
    except (ValueError, UnicodeDecodeError) as problem:
        raise QuestionSetError(f"{path}: not the JSON of an evaluation: {problem}") from problem
    for name, sort in (("measures", dict), ("settings", dict), ("items", list), ("complete", bool)):
        if not isinstance(top, dict) or not isinstance(top.get(name), sort):
            raise QuestionSetError(
                f"{path}: field {name!r} is missing; write it with: qa evaluate --json > {path.name}"
            )
    for number, item in enumerate(top["items"], 1):
        if not isinstance(item, dict) or not isinstance(item.get("values"), dict) or "id" not in item:
            raise QuestionSetError(f"{path}: item {number}: no question with id and values")
    return Saved(path, top["measures"], top["settings"], top["complete"], tuple(top["items"]))


def resumable(saved: Saved, settings: Mapping[str, Any]) -> dict[str, Outcome]:
    """Question id → outcome of an interrupted run; raises QuestionSetError when it is another run, or is complete."""
    if saved.complete:
        raise QuestionSetError(f"{saved.path}: is complete, there is nothing to resume")
    now = json.loads(json.dumps(settings))
    different = [name for name in now if saved.settings.get(name) != now[name]]
    if different:
        raise QuestionSetError(f"{saved.path}: cannot be resumed, these have changed since: {', '.join(different)}")
    return {
        item["id"]: Outcome(
            id=item["id"],
            ranking=tuple((passage, score) for passage, score in item["ranking"]),
            answered=item.get("answered"),
            confidence=item.get("confidence"),
            **item["outcome"],
        )
        for item in saved.items
        if "outcome" in item
    }
