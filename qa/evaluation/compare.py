"""Two evaluations of the same questions, paired: what changed, whether chance explains it, which questions it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.errors import InputError, QuestionSetError
from qa.evaluation.intervals import Figure, means
from qa.evaluation.results import Saved
from qa.evaluation.significance import p_value


@dataclass(frozen=True)
class Change:
    """One measure in one group: both means over the shared questions, their difference with its interval, and p."""

    name: str
    before: float
    after: float
    difference: Figure
    p: float


@dataclass(frozen=True)
class Turned:
    """A question whose value of a measure rose or fell."""

    id: str
    kind: str
    text: str
    before: float
    after: float


@dataclass(frozen=True)
class Comparison:
    """`changes` over all questions and by kind; `won` and `lost` by the measure `by`; `notes`: what to mind."""

    changes: tuple[Change, ...]
    by: str
    won: tuple[Turned, ...]
    lost: tuple[Turned, ...]
    notes: tuple[str, ...]
    shared: int


def compare(before: Saved, after: Saved, by: str | None = None) -> Comparison:
    """Raises QuestionSetError when the two share no question, InputError when `by` is no measure of both."""
    first = {item["id"]: item for item in before.items}
    pairs = [(first[item["id"]], item) for item in after.items if item["id"] in first]
    if not pairs:
        raise QuestionSetError(f"{before.path} and {after.path} share no question")
    changes = [change for group, members in _groups(pairs).items() for change in _changes(group, members)]
    known = list(dict.fromkeys(change.name.rsplit(".", 1)[-1] for change in changes if change.name.count(".") == 0))
    known = known or list(dict.fromkeys(change.name for change in changes))
    chosen = next((name for name in known if name.lower() == (by or "").lower()), None)
    if by and chosen is None:
        raise InputError(f"{by!r} is not measured in both; measured are {', '.join(known)}", "by")
    chosen = chosen or ("hit@3" if "hit@3" in known else known[0])
    turned = [_turned(a, b, chosen) for a, b in pairs if chosen in a["values"] and chosen in b["values"]]
    return Comparison(
        tuple(changes),
        chosen,
        tuple(t for t in turned if t.after > t.before),
        tuple(t for t in turned if t.after < t.before),
        tuple(_notes(before, after, pairs)),
        len(pairs),
    )


Pairs = list[tuple[Mapping[str, Any], Mapping[str, Any]]]


def _groups(pairs: Pairs) -> dict[str, Pairs]:
    found: dict[str, Pairs] = {"": pairs}
    kinds = sorted({str(after.get("kind", "")) for _, after in pairs})
    if len(kinds) > 1:
        for kind in kinds:
            found[f"{kind}."] = [pair for pair in pairs if pair[1].get("kind") == kind]
    return found


def _changes(group: str, pairs: Pairs) -> Iterable[Change]:
    names = dict.fromkeys(name for before, after in pairs for name in before["values"] if name in after["values"])
    for name in names:
        if name == "refused" and not group:
            continue  # wanted of some questions and unwanted of others: only the kinds say something
        both = [(b["values"][name], a["values"][name]) for b, a in pairs if name in b["values"] and name in a["values"]]
        old, new = [pair[0] for pair in both], [pair[1] for pair in both]
        difference = means({"": [after - before for before, after in both]})[""]
        yield Change(
            group + name,
            round(sum(old) / len(old), 4),
            round(sum(new) / len(new), 4),
            difference,
            p_value(old, new),
        )


def _turned(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> Turned:
    return Turned(
        after["id"],
        after.get("kind", ""),
        after.get("text", ""),
        before["values"][name],
        after["values"][name],
    )


def _notes(before: Saved, after: Saved, pairs: Pairs) -> Iterable[str]:
    for saved in (before, after):
        if not saved.complete:
            yield f"{saved.path}: was interrupted; only what it asked is compared"
    only = len(before.items) + len(after.items) - 2 * len(pairs)
    if only:
        yield f"{only} questions stand in one of the two only and are left out"
    changed = [b["id"] for a, b in pairs if a.get("text") != b.get("text")]
    if changed:
        yield f"the wording changed of {len(changed)} questions: {', '.join(changed[:5])}"
    for name in ("corpus", "questions", "code", "versions", "retrieval", "parts"):
        if before.settings.get(name) != after.settings.get(name):
            yield f"differs between the two: {name}" + _detail(before.settings.get(name), after.settings.get(name))


def _detail(before: object, after: object) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        parts = [f"{k} {before.get(k)} → {after.get(k)}" for k in {**before, **after} if before.get(k) != after.get(k)]
        return f" ({', '.join(part[:80] for part in parts)})"
    return ""
