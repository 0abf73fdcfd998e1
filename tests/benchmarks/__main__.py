"""`python -m tests.benchmarks`: our engine beside other people's, in one run, as a table and a plot."""

import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

import click

from qa.settings import SHIPPED_CORPUS
from tests.benchmarks.measuring import Row, exponent, measure
from tests.benchmarks.picture import drawn
from tests.benchmarks.product import measure_product
from tests.benchmarks.texts import read_texts

BUILD = Path("build") / "benchmarks"


@click.command()
@click.option("--sizes", default="100,1000,10000,100000", show_default=True, help="Numbers of passages.")
@click.option("--texts", type=click.Path(path_type=Path), default=SHIPPED_CORPUS, help="A corpus or BEIR folder.")
@click.option("--language", default="en", show_default=True, help="Which of its texts.")
@click.option("--questions", default=300, show_default=True, help="How many to ask.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=BUILD, show_default=True, help="Folder for the results."
)
@click.option("--product/--no-product", default=True, help="Also the whole of an answer, alone and over HTTP.")
def main(sizes: str, texts: Path, language: str, questions: int, out: Path, product: bool) -> None:
    """Measures, and writes table.md, results.json and speed.svg."""
    read = read_texts(texts, language)
    rows: list[Row] = []
    for size in map(int, sizes.split(",")):
        click.echo(f"{size:,} passages", err=True)
        found, missing = measure(read, size, questions)
        rows += found
        for reason in missing if len(rows) == len(found) else ():
            click.echo(f"  left out: {reason}", err=True)
    whole = measure_product() if product else {}
    out.mkdir(parents=True, exist_ok=True)
    told = {
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "rows": [asdict(row) for row in rows],
    }
    (out / "results.json").write_text(json.dumps(told | {"product": whole}, indent=1), "utf-8")
    table = "\n".join([*_table(rows), "", *(f"- {name}: {value}" for name, value in whole.items())]) + "\n"
    (out / "table.md").write_text(table, "utf-8")
    (out / "speed.svg").write_text(drawn(rows), "utf-8")
    click.echo(table)


def _table(rows: list[Row]) -> list[str]:
    sizes = sorted({row.size for row in rows})
    lines = [
        "| median / p99, ms | " + " | ".join(f"{size:,}" for size in sizes) + " | grows by | build, s | MB |",
        "|---|" + "---|" * (len(sizes) + 3),
    ]
    for name in dict.fromkeys(row.name for row in rows):
        own = {row.size: row for row in rows if row.name == name}
        cells = [f"{own[size].median:.3f} / {own[size].p99:.3f}" if size in own else "–" for size in sizes]
        power, last = exponent(list(own.values())), own[max(own)]
        grows = "–" if power is None else f"{power:.2f}"
        lines.append(f"| {name} | {' | '.join(cells)} | {grows} | {last.build:.1f} | {last.memory:.0f} |")
    return lines


if __name__ == "__main__":
    main()
