"""The commands `qa evaluate`, `qa compare` and `qa questions`. Data to standard output, all else to standard error."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, NoReturn

import click

from qa.answering.answerer import Answerer
from qa.errors import InputError
from qa.evaluation import baselines as others
from qa.evaluation.beir import read_beir
from qa.evaluation.caveats import measure_caveats, read_labelled
from qa.evaluation.compare import compare
from qa.evaluation.gate import Bound, fallen, parse_bound
from qa.evaluation.listing import errors_text, misses_text
from qa.evaluation.measures import latency, measure
from qa.evaluation.misses import count_misses, misses
from qa.evaluation.outcomes import Asked, Asker, Outcome, ask_all
from qa.evaluation.provenance import provenance
from qa.evaluation.questions import QuestionSet, read_questions
from qa.evaluation.questions_command import questions_command
from qa.evaluation.relevance import Judgments, judge_quotes
from qa.evaluation.report import MOST_MISSES, report
from qa.evaluation.results import Evaluation, read_results, resumable, save, to_json
from qa.evaluation.runs import qrels_lines, read_qrels, read_run, run_lines
from qa.evaluation.tables import Table, as_markdown, as_text, comparison_tables, tables
from qa.retrieval.tuning import Parts
from qa.settings import Settings, load_settings

Opener = Callable[[Settings], Answerer]
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path)
_INTERRUPTED = 130


def register(group: click.Group, open_answerer: Opener) -> None:
    """Adds the evaluation commands to a command line; they open their answerer through `open_answerer`."""
    group.context_settings["obj"] = open_answerer
    for command in (evaluate, compare_command, questions_command):
        group.add_command(command)


@click.command()
@click.argument("questions", type=_FILE, required=False)
@click.option("--corpus", type=_FOLDER, help="Corpus folder; default: the five texts shipped.")
@click.option("--beir", type=_FOLDER, metavar="DIR", help="Evaluate over a BEIR folder instead; a row is one passage.")
@click.option("--split", default="test", show_default=True, help="Which qrels of the BEIR folder.")
@click.option("--caveats", type=_FILE, metavar="FILE.jsonl", help="The caveats against labelled passages.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON; keep it for qa compare.")
@click.option("--markdown", is_flag=True, help="Print the tables as Markdown.")
@click.option("--misses", "list_misses", is_flag=True, help="List each miss: what came instead, and why.")
@click.option("--report", "report_file", type=_FILE, metavar="FILE.html", help="Write a report to read in a browser.")
@click.option("--baselines", is_flag=True, help="Other retrievers, and ours with each part switched off, in one table.")
@click.option("--run", "run_file", type=_FILE, metavar="FILE", help="Write the rankings as a TREC run.")
@click.option("--qrels", "qrels_file", type=_FILE, metavar="FILE", help="Write the judgments as TREC qrels.")
@click.option("--from-run", type=_FILE, metavar="FILE", help="Score this TREC run, of any system, instead of asking.")
@click.option(
    "--from-qrels",
    type=_FILE,
    metavar="FILE",
    help="Judge by these TREC qrels instead of the set's own gold.",
)
@click.option(
    "--save",
    "save_file",
    type=_FILE,
    metavar="FILE",
    help="Write the JSON to a file too, also when interrupted.",
)
@click.option("--resume", type=_FILE, metavar="FILE", help="Go on from the JSON of an interrupted evaluation.")
@click.option(
    "--min",
    "floors",
    multiple=True,
    metavar="NAME=X",
    help="Exit with 1 when a figure is below X. Repeatable.",
)
@click.option(
    "--max",
    "ceilings",
    multiple=True,
    metavar="NAME=X",
    help="Exit with 1 when a figure is above X. Repeatable.",
)
@click.option(
    "--timing/--no-timing",
    default=None,
    help="Show what the clock said; default: in the report alone, so that all else is the same to the byte each time.",
)
@click.pass_obj
def evaluate(open_answerer: Opener, /, **options: Any) -> None:
    """How well questions are answered, refused and warned about, each figure with its 95 % interval.

    \b
    qa evaluate                                          the shipped questions
    qa evaluate --misses --report report.html            what went wrong, and why
    qa evaluate my-questions.jsonl --corpus my-texts     your questions over your texts
    qa evaluate --beir squad/it --baselines              a BEIR folder, beside other retrievers
    qa evaluate --caveats labelled.jsonl                 the caveats against people's labels
    qa evaluate --min hit@3=.85 --min cross.hit@3=.80    exit status 1 when a floor falls
    qa evaluate --json > before.json                     … change something … then: qa compare before.json after.json
    """
    _check(options)
    clock = _Clock()
    bounds = [parse_bound(text, True) for text in options["floors"]]
    bounds += [parse_bound(text, False) for text in options["ceilings"]]
    found = Evaluation({})
    session = None
    if options["questions"] or options["beir"] or not options["caveats"]:
        session = _Session(open_answerer, options, clock)
        found = session.evaluation
    if options["caveats"]:
        found = _with_caveats(found, options["caveats"], load_settings(corpus=options["corpus"]), clock)
    listed = session.misses(None) if session and options["list_misses"] and options["as_json"] else None
    text = to_json(found, bool(options["timing"]), listed)
    if options["save_file"]:
        save(text, options["save_file"])
    _print(found, text, options)
    if session and options["list_misses"] and not options["as_json"]:
        _echo(misses_text(session.misses(None)))
    if found.caveats and options["list_misses"] and not options["as_json"]:
        _echo(errors_text(found.caveats.warned))
    clock.stage("printing")
    if options["report_file"]:
        explained = list(session.misses(MOST_MISSES)) if session else []
        every = session.miss_count() if session else 0
        save(report(found, explained, every, options["timing"] is not False), options["report_file"])
        clock.stage("report")
    clock.tell(found)
    if not found.complete:
        _end("interrupted: the figures cover what was asked until then", _INTERRUPTED)
    _gate(found, bounds)


def _check(options: dict[str, Any]) -> None:
    """Raises InputError for options that contradict each other."""
    for one, other in (
        ("as_json", "markdown"),
        ("from_run", "resume"),
        ("from_run", "baselines"),
        ("beir", "questions"),
    ):
        if options[one] and options[other]:
            names = {"as_json": "--json", "questions": "QUESTIONS"}
            first, second = (names.get(name, f"--{name.replace('_', '-')}") for name in (one, other))
            raise InputError(f"{first} and {second} do not go together", one)


class _Clock:
    """Which stage took how long, told on standard error at the end: so that the harness's own share can be seen."""

    def __init__(self) -> None:
        self._last = perf_counter()
        self.stages: dict[str, float] = {}

    def stage(self, name: str) -> None:
        """Ends a stage."""
        now = perf_counter()
        self.stages[name] = self.stages.get(name, 0.0) + now - self._last
        self._last = now

    def tell(self, found: Evaluation) -> None:
        """One line with the stages, one with the percentiles of the answers' times."""
        total = sum(self.stages.values())
        stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in self.stages.items())
        click.echo(f"qa: {total:.2f} s: {stages}", err=True)
        if found.latency:
            shown = ", ".join(
                f"{name.removeprefix('ms.')} {figure.value:.1f}" for name, figure in found.latency.items()
            )
            click.echo(f"qa: milliseconds a question: {shown}", err=True)


class _Session:
    """One evaluation of questions: reads, asks, measures; then explains misses on demand."""

    def __init__(self, open_answerer: Opener, options: dict[str, Any], clock: _Clock) -> None:
        settings = load_settings(corpus=options["beir"] or options["corpus"])
        self.answerer = open_answerer(settings)
        clock.stage("indexing")
        asker = Asker(self.answerer)
        self.questions = self._questions(options, settings)
        self.judgments = self._judgments(options)
        clock.stage("reading")
        names = {self.questions.name: self.questions.sha256}
        told = provenance(settings, self.answerer.corpus.digest, names, Parts())
        told |= {"run": options["from_run"].name} if options["from_run"] else {}
        clock.stage("digests")
        self.asked = self._asked(asker, options, told)
        clock.stage("asking")
        result = measure(self.questions, self.asked, self.judgments, asker.passages)
        clock.stage("measuring")
        rows: list[others.Row] = []
        asked = self.asked
        if options["baselines"] and asked.complete:
            try:
                rows += others.table(self.answerer, self.questions, asked, self.judgments, _progress)
            except KeyboardInterrupt:
                click.echo("qa: interrupted: the table of baselines is not whole", err=True)
            clock.stage("baselines")
        times = {} if options["from_run"] else latency(asked.outcomes)
        self.evaluation = Evaluation(told, self.questions, asked, result, None, tuple(rows), times)
        if options["run_file"]:
            rankings = {outcome.id: outcome.ranking for outcome in asked.outcomes}
            save("".join(f"{line}\n" for line in run_lines(rankings)), options["run_file"])
        if options["qrels_file"]:
            save("".join(f"{line}\n" for line in qrels_lines(self.judgments)), options["qrels_file"])

    def _questions(self, options: dict[str, Any], settings: Settings) -> QuestionSet:
        if options["beir"]:
            read = read_beir(options["beir"], options["split"], self.answerer.corpus)
        else:
            read = read_questions(options["questions"] or settings.corpus / "questions.jsonl", self.answerer.corpus)
        return replace(read, deep=True) if options["from_run"] else read

    def _judgments(self, options: dict[str, Any]) -> Judgments:
        ids = [question.id for question in self.questions.questions]
        if options["from_qrels"]:
            return read_qrels(options["from_qrels"], ids, [passage.id for passage in self.answerer.passages])
        judged = self.questions.judgments
        if judged is None:
            judged = judge_quotes(self.questions.questions, self.answerer.passages)
            for question in self.questions.questions:
                if question.answerable and not judged[question.id]:
                    click.echo(
                        f"qa: {question.id}: no single passage holds enough of its quotes; it counts as missed",
                        err=True,
                    )
        return judged

    def _asked(self, asker: Asker, options: dict[str, Any], told: dict[str, Any]) -> Asked:
        if options["from_run"]:
            ids = [question.id for question in self.questions.questions]
            run = read_run(options["from_run"], ids, asker.passages)
            return Asked(tuple(Outcome(identifier, run[identifier]) for identifier in ids))
        known = resumable(read_results(options["resume"]), told) if options["resume"] else {}
        return ask_all(asker, self.questions, known, _progress("asking"))

    def misses(self, most: int | None) -> Iterator[Any]:
        """The misses, explained."""
        return misses(self.answerer, self.questions, self.asked, self.judgments, most)

    def miss_count(self) -> int:
        """How many there are."""
        return count_misses(self.questions, self.asked, self.judgments)


def _with_caveats(found: Evaluation, path: Path, settings: Settings, clock: _Clock) -> Evaluation:
    labelled = read_labelled(path)
    result = measure_caveats(labelled, _progress("assessing"))
    clock.stage("assessing")
    told = dict(found.settings) or provenance(settings, None, {})
    told["questions"] = {**told["questions"], labelled.name: labelled.sha256}
    return replace(found, settings=told, caveats=result)


def _print(found: Evaluation, text: str, options: dict[str, Any]) -> None:
    if options["as_json"]:
        click.echo(text, nl=False)
        return
    write = as_markdown if options["markdown"] else as_text
    _echo("\n".join(write(table) for table in tables(found, bool(options["timing"]))))


def _gate(found: Evaluation, bounds: list[Bound]) -> None:
    broken = fallen(found.figures | dict(found.latency), bounds)
    for one in broken:
        click.echo(f"qa: {one}", err=True)
    if broken:
        sys.exit(1)
    if bounds:
        click.echo(f"qa: all {len(bounds)} bounds hold", err=True)


@click.command("compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--by", metavar="NAME", help="The measure that questions are won and lost by. [default: hit@3]")
@click.option("--markdown", is_flag=True, help="Print the tables as Markdown.")
def compare_command(before: Path, after: Path, by: str | None, markdown: bool) -> None:
    """Two evaluations of the same questions: differences, whether chance explains them, questions won and lost.

    \b
    qa evaluate --json > before.json
    qa evaluate --json > after.json
    qa compare before.json after.json
    """
    found = compare(read_results(before), read_results(after), by)
    for note in found.notes:
        click.echo(f"qa: {note}", err=True)
    write: Callable[[Table], str] = as_markdown if markdown else as_text
    _echo("\n".join(write(table) for table in comparison_tables(found)))
    click.echo(f"qa: {found.shared} questions; {len(found.won)} won, {len(found.lost)} lost by {found.by}", err=True)


def _progress(label: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A bar on standard error while a terminal watches, nothing otherwise."""

    def bar(items: Iterable[Any]) -> Iterator[Any]:
        if not sys.stderr.isatty():
            yield from items
            return
        with _bar(items, label) as shown:
            yield from shown

    return bar


@contextmanager
def _bar(items: Iterable[Any], label: str) -> Iterator[Iterable[Any]]:
    listed = list(items)
    with click.progressbar(listed, label=f"{label:<34.34}", file=sys.stderr, show_pos=True) as shown:
        yield shown


def _echo(text: str) -> None:
    click.echo(text)


def _end(reason: str, status: int) -> NoReturn:
    click.echo(f"qa: {reason}", err=True)
    sys.exit(status)
