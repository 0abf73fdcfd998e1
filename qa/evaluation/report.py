"""The report: one HTML file that needs nothing else, to be read by people, kept, mailed and printed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from qa.evaluation import plots
from qa.evaluation.caveats import Warned
from qa.evaluation.intervals import Figure
from qa.evaluation.misses import Miss, Shown
from qa.evaluation.questions import KINDS
from qa.evaluation.results import Evaluation
from qa.evaluation.tables import Table, group_name, tables

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
    body = [_headlines(evaluation.figures), *_plots(evaluation, timing)]
    body += ["<h2>All figures</h2><p class=note>Each value with its 95&nbsp;% interval from a bootstrap over the questions.</p>"]
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


def _title(evaluation: Evaluation) -> str:
    names = evaluation.settings.get("questions", {})
    return "Evaluation: " + ", ".join(names) if names else "Evaluation"


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
    cards = [
        f"<li><span>{escape(title)}</span><b>{figures[name].value:.1%}</b>"
        f"<small>{figures[name].low:.1%} to {figures[name].high:.1%} · n = {figures[name].n}<br>{escape(about)}</small></li>"
        for name, (title, about) in _HEADLINES.items()
        if name in figures
    ]
    return f'<ul class="cards">{"".join(cards)}</ul>'


def _plots(evaluation: Evaluation, timing: bool) -> Iterable[str]:
    figures = evaluation.figures
    if evaluation.result:
        series = ("hit@1", "hit@3", "hit@5")
        found = [name.removesuffix(".hit@1").removesuffix("hit@1") for name in figures if name.endswith("hit@1")]
        order = {kind: at for at, kind in enumerate(("", *KINDS))}
        groups = sorted(found, key=lambda group: (order.get(group, len(order)), "-" in group, group))
        rows = [(group_name(g), [figures[f"{g}.{s}" if g else s] for s in series]) for g in groups]
        about = "Share of questions with a relevant passage among the first 1, 3, 5; by kind, by language asked in, by languages of question and text. Lines: 95 % intervals."
        yield _figure("Does the answer come up?", about, plots.dots("Hit rate by kind of question", series, rows))
    if evaluation.result and evaluation.result.curve and evaluation.asked:
        outcomes = evaluation.asked.outcomes
        answered = [o for o in outcomes if o.answered]
        wrong = [o for o in answered if evaluation.result.values[o.id].get("Success@3", 0.0) < 1]
        coverage, risk = len(answered) / len(outcomes), len(wrong) / len(answered) if answered else 0.0
        about = "Questions from the surest to the least sure. A curve that stays low means that confidence can be trusted; unanswerable questions count as wrong when answered."
        yield _figure("Knowing when not to answer", about, plots.risk_coverage(evaluation.result.curve, coverage, risk))
    if evaluation.caveats:
        bars = [(f"{kind.replace('_', ' ')}{'' if code == 'all' else f', {code}'}", cells) for kind, table in evaluation.caveats.tables.items() for code, cells in table.items()]
        about = "For each caveat, and each language: the passages that call for it and those that do not."
        yield _figure("Caveats against readers’ labels", about, plots.confusion(bars))
    if evaluation.baselines:
        named = [(row.name.removeprefix("Fonte ").replace("rank-bm25, ", "rank-bm25: "), [row.figures["nDCG@10"]]) for row in evaluation.baselines if row.figures]
        short = [(name if len(name) <= 22 else name[:21] + "…", values) for name, values in named]
        yield _figure("Beside others", "nDCG@10 of the rankings.", plots.dots("nDCG@10 beside others", ("nDCG@10",), short))
    if timing and evaluation.latency and evaluation.asked:
        times = [o.seconds * 1_000 for o in evaluation.asked.outcomes if o.seconds]
        median, p95 = evaluation.latency["ms.median"].value, evaluation.latency["ms.p95"].value
        yield _figure("Time per question", "In this process, on the machine that made the report.", plots.histogram(times, median, p95))


def _figure(title: str, about: str, svg: str) -> str:
    return f'<figure><figcaption>{escape(title)}<small>{escape(about)}</small></figcaption><div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">{svg}</div></figure>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name) or "<span hidden>name</span>"}</th>' for name in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(text)}</td>" for text in row[1:]) + "</tr>"
        for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return f'<h3>{escape(table.title)}</h3>{note}<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _missed(misses: Sequence[Miss], every: int) -> Iterable[str]:
    if not misses:
        return
    note = "Open one to see what came instead, where the answer stood, and what each word of the question gave to either."
    if len(misses) < every:
        note += f" The first {len(misses)} of {every}; --misses lists all."
    yield f'<h2>Misses ({every})</h2><p class="note">{escape(note)}</p>'
    for kind in dict.fromkeys(miss.question.kind for miss in misses):
        those = [miss for miss in misses if miss.question.kind == kind]
        yield f"<h3>{escape(kind)} ({len(those)})</h3>"
        yield from map(_miss, those)


def _miss(miss: Miss) -> str:
    question = miss.question
    history = "".join(f"<small>after: {escape(earlier)}</small>" for earlier in question.history)
    confidence = "" if miss.confidence is None else f" · confidence {miss.confidence:.2f}"
    shown = "".join(_shown(passage, [gold.quote for gold in question.gold]) for passage in miss.shown)
    names = "".join(f'<th scope="col">{_standing(passage)}</th>' for passage in miss.shown)
    rows = "".join(
        f'<tr><th scope="row">{escape(part.text)}{" (asking word)" if part.frame else ""}</th><td>{part.weight:.2f}</td>'
        + "".join(f'<td class="wide">{share.score:.2f} <small>{escape(", ".join(share.variants))}</small></td>' for share in part.shares)
        + "</tr>"
        for part in miss.parts
    )
    table = f'<div class="scroll" tabindex="0" role="region" aria-label="words"><table><thead><tr><th scope="col">word</th><th scope="col">weight</th>{names}</tr></thead><tbody>{rows}</tbody></table></div>' if rows else ""
    return f"<details><summary>{escape(question.text)}{history}<small>{escape(question.id)} · {escape(question.language or '?')} · {escape(miss.what)}{confidence}</small></summary><div>{shown}{table}</div></details>"


def _standing(passage: Shown) -> str:
    place = f"rank {passage.rank}" if passage.rank else "not ranked"
    return f"{'answers' if passage.relevant else 'came first'}, {place}"


def _shown(passage: Shown, quotes: Iterable[str]) -> str:
    text = escape(passage.passage.text)
    for quote in quotes:
        text = text.replace(escape(quote), f"<mark>{escape(quote)}</mark>")
    score = "" if passage.score is None else f" · score {passage.score:.2f}"
    return f'<small>{_standing(passage)}{score} · {escape(passage.passage.id)}</small><blockquote class="{"right" if passage.relevant else "wrong"}">{text}</blockquote>'


def _errors(warned: Sequence[Warned]) -> Iterable[str]:
    wrong = [one for one in warned if one.errors or one.right_reason is False]
    if wrong:
        yield f'<h2>Wrong caveats ({len(wrong)})</h2><p class="note">The passage, what readers labelled, what was shown.</p>'
    for one in wrong:
        row = one.row
        what = ", ".join(f"{name}: {error}" for name, error in one.errors.items()) or "not the right reason"
        labels = f"promotional {row.promotional} · evidence {', '.join(sorted(row.evidence))} · claim {row.claim} · safety {row.safety}"
        shown = ", ".join(sorted(one.found)) or "none"
        why = f"<p><small>Readers: {escape(labels)}. What decided: {escape(row.why)}</small></p>"
        yield f"<details><summary>{escape(what)}<small>{escape(row.id)} · {escape(row.language)} · shown: {escape(shown)}</small></summary><div><blockquote>{escape(row.text)}</blockquote>{why}</div></details>"


def _provenance(settings: Mapping[str, object]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="wide"><code>{escape(json.dumps(value, ensure_ascii=False))}</code></td></tr>'
        for name, value in settings.items()
        if value is not None
    )
    return f'<h2>Where these numbers come from</h2><div class="scroll"><table><tbody>{rows}</tbody></table></div>'
