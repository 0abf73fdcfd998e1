"""The figures as tables: one form of them, written for the terminal, for Markdown and for the report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.evaluation.baselines import TABLE, Row
from qa.evaluation.caveats import CELLS, CaveatResult
from qa.evaluation.compare import Change, Comparison
from qa.evaluation.intervals import Figure
from qa.evaluation.questions import KINDS
from qa.evaluation.results import Evaluation
from qa.language.registry import LANGUAGES

ARROW = "→"


@dataclass(frozen=True)
class Table:
    """A title, column names, and rows of cells; the first cell of a row names it. `note` says how to read it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(evaluation: Evaluation, timing: bool) -> list[Table]:
    """Every table of an evaluation, those without a row left out."""
    listed: list[Table] = []
    figures = evaluation.figures
    if evaluation.result:
        listed += _answers(figures, deep=bool(evaluation.questions and evaluation.questions.deep))
    if timing and evaluation.latency:
        rows = tuple(
            (name.removeprefix("ms."), _number(f.value), f"{_number(f.low)}–{_number(f.high)}")
            for name, f in evaluation.latency.items()
        )
        listed.append(Table("Time per question", ("percentile", "milliseconds", "95 % interval"), rows))
    if evaluation.baselines:
        listed.append(baselines(evaluation.baselines))
    if evaluation.caveats:
        listed += caveat_tables(evaluation.caveats)
    return [table for table in listed if table.rows]


def cell(figure: Figure | None) -> str:
    """A figure between 0 and 1 with its interval: `.853 (.79–.91)`."""
    if figure is None:
        return ""
    return f"{_short(figure.value, 3)} ({_short(figure.low, 2)}–{_short(figure.high, 2)})"


def _short(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text[1:] if text.startswith("0.") else text


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def group_name(group: str) -> str:
    """A group of questions as people read it."""
    if group == "":
        return "all answerable"
    if group in LANGUAGES:
        return f"asked in {group}"
    asked, dash, found = group.partition("-")
    return f"{asked} {ARROW} {found}" if dash else group


def in_order(groups: Iterable[str]) -> list[str]:
    """All questions, then kinds, languages asked in, languages of question and text."""
    order = {kind: at for at, kind in enumerate(("", *KINDS))}
    return sorted(dict.fromkeys(groups), key=lambda group: (order.get(group, len(order)), "-" in group, group))


def _answers(figures: Mapping[str, Figure], deep: bool) -> Iterable[Table]:
    groups = in_order(_split(name)[0] for name in figures if _split(name)[1] == "Success@1")
    reader = ("hit@1", "hit@3", "hit@5", "RR@5")
    ranking = (
        ("R@1", "R@5", "R@10", "R@100", "nDCG@10")
        if deep
        else ("Success@1", "Success@3", "Success@5", "R@10", "nDCG@10")
    )
    if deep:
        yield _by_group(
            "Found",
            figures,
            groups,
            (*reader, *ranking),
            "Rankings of the 100 best passages; nothing is refused.",
        )
    else:
        yield _by_group("What the reader gets", figures, groups, (*reader, "refused"), "A refusal finds nothing.")
        yield _by_group("What the ranking holds", figures, groups, ranking, "Near misses of refused questions count.")
    rows = [(name, cell(figures[key]), str(figures[key].n)) for name, key in _ABSTENTION.items() if key in figures]
    yield Table("Knowing when not to answer", ("", "value (95 % interval)", "n"), tuple(rows), _ABSTENTION_NOTE)
    shares = [name for name in figures if "top5." in name]
    codes = list(dict.fromkeys(name.rsplit(".", 1)[1] for name in shares))
    askers = dict.fromkeys(name.split("top5.")[0] for name in shares)
    share_rows = tuple(
        (
            f"asked in {asker[:-1]}" if asker else "all",
            *(cell(figures.get(f"{asker}top5.{code}")) for code in codes),
            str(figures[f"{asker}top5.{codes[0]}"].n),
        )
        for asker in askers
    )
    yield Table("Languages of the first five passages", ("", *codes, "n"), share_rows)
    other = [(label, cell(figures[key]), str(figures[key].n)) for label, key in _OTHER.items() if key in figures]
    yield Table("Also", ("", "value (95 % interval)", "n"), tuple(other))


_ABSTENTION = {
    "unanswerable, refused": "none.refused",
    "– on the corpus's matter, refused": "none.on.refused",
    "– off topic, refused": "none.off.refused",
    "answerable, refused": "answerable.refused",
    "AUROC of confidence": "auroc",
    "– against on-topic questions": "auroc.on",
    "– against off-topic questions": "auroc.off",
    "area under the risk-coverage curve": "aurc",
    "risk when the surest 50 % are answered": "risk@50",
    "risk when the surest 80 % are answered": "risk@80",
}
_ABSTENTION_NOTE = "Risk: share of the answered questions with no answer among the first three passages; small is good."
_OTHER = {
    "passages that are exact slices of their source": "exact",
    "questions answered in both languages, both among five": "both.languages@5",
}


def _split(name: str) -> tuple[str, str]:
    group, dot, measure = name.rpartition(".")
    return (group, measure) if dot else ("", name)


def _by_group(
    title: str, figures: Mapping[str, Figure], groups: Iterable[str], names: Sequence[str], note: str
) -> Table:
    rows = []
    for group in groups:
        prefix = f"{group}." if group else ""
        found = [
            figures.get("answerable.refused" if not group and name == "refused" else prefix + name) for name in names
        ]
        rows.append((group_name(group), str(figures[f"{prefix}Success@1"].n), *map(cell, found)))
    return Table(title, ("", "n", *names), tuple(rows), note)


def baselines(rows: Sequence[Row]) -> Table:
    """Ours and the others."""
    columns = [name for name in TABLE if any(name in row.figures for row in rows)]
    body = tuple(
        (
            row.name,
            *(cell(row.figures.get(name)) for name in columns),
            "" if row.p is None else f"{row.p:.4f}",
        )
        if row.figures
        else (row.name, row.about, *[""] * len(columns))
        for row in rows
    )
    note = "p: how often chance alone would make nDCG@10 differ so much from Fonte's (paired randomisation)."
    return Table("Beside others", ("", *columns, "p"), body, note)


def caveat_tables(result: CaveatResult) -> Iterable[Table]:
    """Precision to false alarms, the confusion, and the reasons."""
    names = ("precision", "recall", "F1", "false_alarms")
    keys = [(kind, code) for kind, table in result.tables.items() for code in table]
    prefixes = {(kind, code): kind if code == "all" else f"{kind}.{code}" for kind, code in keys}
    yield Table(
        "Caveats against readers' labels",
        ("", "language", "n", "precision", "recall", "F1", "false alarms"),
        tuple(
            (
                kind,
                code,
                str(sum(result.tables[kind][code])),
                *(cell(result.figures[f"{prefixes[kind, code]}.{name}"]) for name in names),
            )
            for kind, code in keys
        ),
        "no_human: the passage lacks human evidence, whichever of the four evidence caveats says so.",
    )
    yield Table(
        "Confusion",
        ("", "language", *CELLS),
        tuple((kind, code, *map(str, result.tables[kind][code])) for kind, code in keys),
    )
    rows = [(kind, f"{right} of {of}", str(of)) for kind, (right, of) in result.reasons.items()]
    for name in (
        "right_reason",
        *sorted(n for n in result.figures if n.startswith("right_reason.")),
        "parity",
    ):
        if name in result.figures:
            rows.append((name.replace("_", " "), cell(result.figures[name]), str(result.figures[name].n)))
    yield Table("The right reason, and no other", ("", "right", "n"), tuple(rows))


def comparison_tables(found: Comparison) -> list[Table]:
    """What changed, and the questions won and lost."""
    rows = tuple(map(_change, found.changes))
    columns = ("", "n", "before", "after", "difference", "95 % interval", "p", "")
    note = "p: paired randomisation test. * below .05; with so many rows one in twenty falls there by chance."
    changes = Table("Before and after", columns, rows, note)
    turned = [
        Table(f"{title} by {found.by}", ("id", "kind", "before", "after", "question"),
              tuple((t.id, t.kind, f"{t.before:g}", f"{t.after:g}", _cut(t.text)) for t in listed))
        for title, listed in (("Won", found.won), ("Lost", found.lost))
    ]  # fmt: skip
    return [table for table in (changes, *turned) if table.rows]


def _change(change: Change) -> tuple[str, ...]:
    difference = change.difference
    means = (f"{change.before:.4f}", f"{change.after:.4f}", f"{difference.value:+.4f}")
    interval = f"{difference.low:+.3f} to {difference.high:+.3f}"
    return (change.name, str(difference.n), *means, interval, f"{change.p:.4f}", "*" if change.p < 0.05 else "")


def _cut(text: str, most: int = 100) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def as_text(table: Table) -> str:
    """For a terminal: aligned, no colour."""
    every = (table.columns, *table.rows)
    widths = [max(len(row[at]) for row in every) for at in range(len(table.columns))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in every]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([table.title, *([table.note] if table.note else []), "", lines[0], rule, *lines[1:], ""])


def as_markdown(table: Table) -> str:
    """For a pull request or a README."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |"

    rule = "|" + "|".join([" --- "] * len(table.columns)) + "|"
    note = [f"{table.note}\n"] if table.note else []
    return "\n".join([f"### {table.title}\n", *note, line(table.columns), rule, *map(line, table.rows), ""])
