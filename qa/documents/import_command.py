"""`qa import`: files from outside into a corpus folder, with a report of what went in and what did not."""

import json
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from qa.documents.importing import Import, Outcome, find_sources

_MOST_SAME = 10  # lines about texts that are there already
_MOST_LINES = 200  # about all else of one kind
_SECONDS = 5  # between lines of progress where standard error is no terminal


@click.command("import")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    help="The corpus folder; made where not there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what became of each file as JSON, one object a line.")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE...")
def import_command(files: tuple[Path, ...], folder: Path, as_json: bool) -> None:
    """Turn files into a corpus: .txt, .md, .html, .pdf, a BEIR corpus.jsonl, or folders of them.

    The original stays beside its text, with its SHA-256 in sources.toml; what a file does not tell of itself is marked
    unknown there. Exit status 1 when a file could not be read.

    \b
    qa import articles/ leaflet.pdf --to my-texts
    qa check --corpus my-texts
    qa serve --corpus my-texts
    """
    sources = find_sources(files, folder)
    line = _Line()
    outcomes = []
    stopped = False
    run = Import(folder)
    try:
        for outcome in run.run(sources, line.show):
            outcomes.append(outcome)
            if as_json:
                line.clear()
                click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    except KeyboardInterrupt:
        stopped = True
    line.clear()
    report = _report(outcomes, folder)
    click.echo("\n".join(report), err=as_json)
    if stopped:
        click.echo("qa: stopped; the same command goes on where it was", err=True)
        sys.exit(130)
    if any(outcome.problem for outcome in outcomes):
        sys.exit(1)


def _report(outcomes: list[Outcome], folder: Path) -> list[str]:
    stored = [outcome for outcome in outcomes if outcome.stored]
    same = [outcome for outcome in outcomes if outcome.same_as]
    failed = [outcome for outcome in outcomes if outcome.problem]
    lines = [f"{_count(len(stored), 'document')} imported into {folder}, {len(same)} there already, {len(failed)} not"]
    lines += _some([f"  not imported: {outcome.source}: {outcome.problem}" for outcome in failed], _MOST_LINES)
    lines += _some([f"  same text: {outcome.source}: {outcome.same_as}" for outcome in same], _MOST_SAME)
    notes = [f"  note: {outcome.stored}: {notice}" for outcome in stored for notice in outcome.notices]
    lines += _some(notes, _MOST_LINES)
    unknown = Counter(field for outcome in stored for field in outcome.unknown)
    if unknown:
        told = ", ".join(f"{field} of {count}" for field, count in unknown.items())
        lines.append(f"  unknown, to be filled in in {folder / 'sources.toml'}: {told}")
    return lines


def _some(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"  … and {len(lines) - most:,} more; --json tells all"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class _Line:
    """One line on standard error that says how far it is; without a terminal a line every few seconds."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said = time.monotonic()

    def show(self, told: str) -> None:
        """Replaces the line."""
        if self._terminal:
            click.echo(f"\r\x1b[K{told[:100]}", nl=False, err=True)
        elif time.monotonic() - self._said >= _SECONDS:
            self._said = time.monotonic()
            click.echo(told, err=True)

    def clear(self) -> None:
        """Takes the line away."""
        if self._terminal:
            click.echo("\r\x1b[K", nl=False, err=True)
