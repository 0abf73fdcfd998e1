"""The report: one HTML file that needs nothing else, to be read by people, kept, mailed and printed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from qa.evaluation import plots
from qa.evaluation.caveats import Warned
from qa.evaluation.intervals import Figure
from qa.evaluation.misses import Miss, Part, Shown
from qa.evaluation.results import Evaluation
from qa.evaluation.tables import Table, group_name, in_order, tables

_FOLDER = Path(__file__).parent
MOST_MISSES = 150
"""Misses that a report explains; more would make it too heavy to open."""

_HEADLINES = {
    "hit@3": ("Answer among the first three", "of the questions that the texts answer"),
    "cross.hit@3": ("Across languages", "answer among the first three, text in the other language"),
    "R@10": ("Recall at 10", "of the relevant passages"),
    "nDCG@10": ("nDCG at 10", ""),
    "none.refused": ("Rightly silent", "of the questions that no text answers"),
    "answerable.refused": ("Wrongly silent", "of the questions that a text answers; small is good"),
    "auroc": ("Confidence tells them apart", "AUROC"),
    "exact": ("Exact quotations", "of the passages shown"),
    "promotional.F1": ("Selling is told", "F1 of the promotional caveat"),
    "one_sided.F1": ("Praise without drawbacks", "F1"),
    "no_human.F1": ("No evidence in people", "F1 of the evidence caveats together"),
    "no_human.false_alarms": ("False alarms on evidence", "small is good"),
    "absolute_safety.F1": ("Absolute safety promises", "F1"),
    "right_reason": ("The right reason", "of the passages that have one"),
}


def report(evaluation: Evaluation, misses: Sequence[Miss], all_misses: int, timing: bool) -> str:
    """The file's text. The same evaluation gives the same bytes, unless `timing` puts the clock in."""
    body = [_headlines(evaluation.figures), *_plots(evaluation, timing), "<h2>All figures</h2>", _note(_HOW_SURE)]
    body += [_table(table) for table in tables(evaluation, timing)]
    body += _missed(misses, all_misses)
    if evaluation.caveats:
        body += _errors(evaluation.caveats.warned)
    body.append(_provenance(evaluation.settings))
    return Template((_FOLDER / "report.html").read_text("utf-8")).substitute(
        title=escape(_title(evaluation)),
        summary=escape(_summary(evaluation)),
        style=(_FOLDER / "report.css").read_text("utf-8"),
        body="\n".join(part for part in body if part),
    )


_HOW_SURE = "Each value with its 95 % interval from a bootstrap over the questions or passages."
_ABOUT_HITS = (
    "Share of questions with a relevant passage among the first 1, 3, 5: by kind, by language asked in, "
    "by languages of question and text. Lines: 95 % intervals."
)
_ABOUT_RISK = (
    "Questions from the surest to the least sure. A curve that stays low means that confidence can be trusted; "
    "unanswerable questions count as wrong when answered."
)
_ABOUT_MISSES = (
    "Open one to see what came instead, where the answer stood, and what each word of the question gave to either."
)


def _title(evaluation: Evaluation) -> str:
    return "Evaluation: " + ", ".join(evaluation.settings.get("questions", {}))


def _summary(evaluation: Evaluation) -> str:
    parts = []
    if evaluation.asked:
        parts.append(f"{len(evaluation.asked.outcomes):,} questions")
    if evaluation.caveats:
        parts.append(f"{len(evaluation.caveats.warned):,} labelled passages")
    if not evaluation.complete:
        parts.append("interrupted before the end: figures cover what was asked until then")
    commit = evaluation.settings.get("commit")
    return " · ".join([*parts, *([f"commit {commit[:10]}"] if commit else [])])


def _headlines(figures: Mapping[str, Figure]) -> str:
    cards = []
    for name, (title, about) in _HEADLINES.items():
        if name in figures:
            figure = figures[name]
            small = f"{figure.low:.1%} to {figure.high:.1%} · n\u00a0=\u00a0{figure.n}<br>{escape(about)}"
            cards.append(f"<li><span>{escape(title)}</span><b>{figure.value:.1%}</b><small>{small}</small></li>")
    return f'<ul class="cards">{"".join(cards)}</ul>'


def _plots(evaluation: Evaluation, timing: bool) -> Iterable[str]:
    figures = evaluation.figures
    if evaluation.result:
        series = ("hit@1", "hit@3", "hit@5")
        groups = in_order(name.removesuffix("hit@1").rstrip(".") for name in figures if name.endswith("hit@1"))
        rows = [(group_name(g), [figures[f"{g}.{s}" if g else s] for s in series]) for g in groups]
        yield _figure("Does the answer come up?", _ABOUT_HITS, plots.dots("Hit rate by kind of question", series, rows))
    if evaluation.result and evaluation.result.curve and evaluation.asked:
        outcomes = evaluation.asked.outcomes
        answered = [o for o in outcomes if o.answered]
        wrong = [o for o in answered if not evaluation.result.values[o.id].get("Success@3")]
        coverage, risk = len(answered) / len(outcomes), len(wrong) / max(len(answered), 1)
        drawn = plots.risk_coverage(evaluation.result.curve, coverage, risk)
        yield _figure("Knowing when not to answer", _ABOUT_RISK, drawn)
    if evaluation.caveats:
        bars = [
            (kind.replace("_", " ") + ("" if code == "all" else f", {code}"), cells)
            for kind, table in evaluation.caveats.tables.items()
            for code, cells in table.items()
        ]
        about = "For each caveat, and each language: the passages that call for it and those that do not."
        yield _figure("Caveats against readers’ labels", about, plots.confusion(bars))
    if evaluation.baselines:
        rows = [(_short(row.name), [row.figures["nDCG@10"]]) for row in evaluation.baselines if row.figures]
        drawn = plots.dots("nDCG@10 beside others", ("nDCG@10",), rows)
        yield _figure("Beside others", "nDCG@10 of the rankings, whatever is refused.", drawn)
    if timing and evaluation.latency and evaluation.asked:
        times = [o.seconds * 1_000 for o in evaluation.asked.outcomes if o.seconds]
        median, p95 = evaluation.latency["ms.median"].value, evaluation.latency["ms.p95"].value
        about = "In this process, on the machine that made the report."
        yield _figure("Time per question", about, plots.histogram(times, median, p95))


def _short(name: str) -> str:
    """A retriever's name short enough for the margin of a plot."""
    return name.removeprefix("Fonte ").replace(", stop words + ", ", ")


def _figure(title: str, about: str, svg: str) -> str:
    caption = f"<figcaption>{escape(title)}<small>{escape(about)}</small></figcaption>"
    return f"<figure>{caption}{_scroll(title, svg)}</figure>"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _scroll(label: str, inner: str) -> str:
    """A box that scrolls sideways on a narrow screen, by keyboard too."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">{inner}</div>'


def _details(summary: str, small: str, inner: str) -> str:
    return f"<details><summary>{summary}<small>{escape(small)}</small></summary><div>{inner}</div></details>"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(text)}</td>" for text in row[1:]) + "</tr>"
        for row in table.rows
    )
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<h3>{escape(table.title)}</h3>{_note(table.note) if table.note else ''}{_scroll(table.title, body)}"


def _missed(misses: Sequence[Miss], every: int) -> Iterable[str]:
    if not misses:
        return
    more = f" The first {len(misses)} of {every}; --misses lists all." if len(misses) < every else ""
    yield f"<h2>Misses ({every})</h2>{_note(_ABOUT_MISSES + more)}"
    for kind in dict.fromkeys(miss.question.kind for miss in misses):
        those = [miss for miss in misses if miss.question.kind == kind]
        yield f"<h3>{escape(kind)} ({len(those)})</h3>"
        yield from map(_miss, those)


def _miss(miss: Miss) -> str:
    question = miss.question
    history = "".join(f"<small>after: {escape(earlier)}</small>" for earlier in question.history)
    confidence = "" if miss.confidence is None else f" · confidence {miss.confidence:.2f}"
    small = f"{question.id} · {question.language or '?'} · {miss.what}{confidence}"
    shown = "".join(_shown(passage, [gold.quote for gold in question.gold]) for passage in miss.shown)
    heads = ["word", "weight", *map(_standing, miss.shown)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    rows = "".join(map(_word, miss.parts))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return _details(escape(question.text) + history, small, shown + (_scroll("words", table) if rows else ""))


def _word(part: Part) -> str:
    name = escape(part.text) + (" (asking word)" if part.frame else "")
    cells = "".join(
        f'<td class="wide">{share.score:.2f} <small>{escape(", ".join(share.variants))}</small></td>'
        for share in part.shares
    )
    return f'<tr><th scope="row">{name}</th><td>{part.weight:.2f}</td>{cells}</tr>'


def _standing(passage: Shown) -> str:
    place = f"rank {passage.rank}" if passage.rank else "not ranked"
    return f"{'answers' if passage.relevant else 'does not answer'}, {place}"


def _shown(passage: Shown, quotes: Iterable[str]) -> str:
    text = escape(passage.passage.text)
    for quote in quotes:
        text = text.replace(escape(quote), f"<mark>{escape(quote)}</mark>")
    score = "" if passage.score is None else f" · score {passage.score:.2f}"
    small = f"<small>{_standing(passage)}{score} · {escape(passage.passage.id)}</small>"
    return f'{small}<blockquote class="{"right" if passage.relevant else "wrong"}">{text}</blockquote>'


def _errors(warned: Sequence[Warned]) -> Iterable[str]:
    wrong = [one for one in warned if one.wrong]
    if wrong:
        yield f"<h2>Wrong caveats ({len(wrong)})</h2>{_note('The passage, what readers labelled, what was shown.')}"
    for one in wrong:
        small = f"{one.row.id} · {one.row.language} · shown: {', '.join(sorted(one.found)) or 'none'}"
        why = f"<p><small>Readers: {escape(one.row.labels)}. What decided: {escape(one.row.why)}</small></p>"
        yield _details(escape(one.wrong), small, f"<blockquote>{escape(one.row.text)}</blockquote>{why}")


def _provenance(settings: Mapping[str, object]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f'<td class="wide"><code>{escape(json.dumps(value, ensure_ascii=False))}</code></td></tr>'
        for name, value in settings.items()
        if value is not None
    )
    title = "Where these numbers come from"
    return f"<h2>{title}</h2>{_scroll(title, f'<table><tbody>{rows}</tbody></table>')}"
