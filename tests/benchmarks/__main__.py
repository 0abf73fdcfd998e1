"""`python -m tests.benchmarks`: our engine beside other people's, in one run, as a table and a plot."""

import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from qa.settings import SHIPPED_CORPUS
from tests.benchmarks.load import measure_load
from tests.benchmarks.measuring import Row, measure, weighed
from tests.benchmarks.picture import drawn
from tests.benchmarks.product import measure_answers, shipped_questions
from tests.benchmarks.table import lines
from tests.benchmarks.texts import read_texts

BUILD = Path("build") / "benchmarks"
PUBLIC = Path("../shared/benchmarks/squad/en")
BOTH = Path("../shared/benchmarks/squad/mixed")


@click.command()
@click.option("--sizes", default="100,1000,10000,100000,1000000", show_default=True, help="Numbers of passages.")
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    default=PUBLIC if PUBLIC.is_dir() else SHIPPED_CORPUS,
    show_default=True,
    help="A corpus or BEIR folder.",
)
@click.option("--language", default="en", show_default=True, help="Which of its texts.")
@click.option("--questions", default=100, show_default=True, help="How many to ask.")
@click.option(
    "--in-a-row",
    default=100,
    show_default=True,
    help="How many before it is the next retriever's turn; at 1 each finds the caches full of the others' work.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=BUILD, show_default=True, help="Folder for the results."
)
@click.option("--peers/--no-peers", default=True, help="The engine beside others.")
@click.option("--product/--no-product", default=True, help="The whole of an answer, alone and over HTTP.")
@click.option("--large", default=100_000, show_default=True, help="Passages of the larger collection for it; 0: none.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each number of clients asks over HTTP.")
def main(
    sizes: str,
    texts: Path,
    language: str,
    questions: int,
    in_a_row: int,
    out: Path,
    peers: bool,
    product: bool,
    large: int,
    seconds: float,
) -> None:
    """Measures, and writes table.md, results.json and speed.svg; what is not measured stays as it was measured last."""
    out.mkdir(parents=True, exist_ok=True)
    results = out / "results.json"
    told: dict[str, Any] = json.loads(results.read_text("utf-8")) if results.exists() else {"rows": [], "product": {}}
    told |= {"python": sys.version.split()[0], "machine": platform.machine()}
    if product:
        told["product"] = measure_load(shipped_questions(), seconds)
        _write(out, told)
        told["product"] |= measure_answers(BOTH if BOTH.is_dir() else None, large, questions)
        _write(out, told)
    if peers:
        read, wanted = read_texts(texts, language), [int(size) for size in sizes.split(",")]
        rows = [row for row in (Row(**row) for row in told["rows"]) if row.size not in wanted]
        for size in wanted:
            click.echo(f"{size:,} passages", err=True)
            found, missing = measure(read, size, questions, in_a_row)
            told["rows"] = [asdict(row) for row in (*rows, *found)]
            _write(out, told)
            rows += weighed(read, found)
            for reason in missing if size == wanted[0] else ():
                click.echo(f"  left out: {reason}", err=True)
            told["rows"] = [asdict(row) for row in rows]
            _write(out, told)
    click.echo((out / "table.md").read_text("utf-8"))


def _write(out: Path, told: dict[str, Any]) -> None:
    """After every step, so that a run that is broken off leaves what it has."""
    rows = [Row(**row) for row in told["rows"]]
    (out / "results.json").write_text(json.dumps(told, indent=1), "utf-8")
    table = [*lines(rows), "", *(f"- {name}: {value}" for name, value in told["product"].items())]
    (out / "table.md").write_text("\n".join(table) + "\n", "utf-8")
    (out / "speed.svg").write_text(drawn(rows), "utf-8")


if __name__ == "__main__":
    main()
