"""The results as a table: one line a retriever, then how far ours is from its targets."""

from collections.abc import Callable, Sequence

import numpy as np

from tests.benchmarks.measuring import Row

FAST, PLAIN, VECTORS = "Fonte, numba", "Fonte, numpy", "bm25s, numpy"


def lines(rows: Sequence[Row]) -> list[str]:
    """Markdown; nothing where there is nothing to show."""
    if not rows:
        return []
    sizes = sorted({row.size for row in rows})
    head = " | ".join(f"{size:,}" for size in sizes)
    made = [
        f"| median / p99, ms | {head} | grows by | build, s | MB |",
        "|---|" + "---|" * (len(sizes) + 3),
    ]
    for name in dict.fromkeys(row.name for row in rows):
        own = {row.size: row for row in rows if row.name == name}
        cells = [f"{_short(own[size].median)} / {_short(own[size].p99)}" if size in own else "–" for size in sizes]
        power, last = exponent(list(own.values())), own[max(own)]
        grows = "–" if power is None else f"{power:.2f}"
        held = "–" if last.memory is None else f"{last.memory:,.0f}"
        made.append(f"| {name} | {' | '.join(cells)} | {grows} | {last.build:.1f} | {held} |")
    for title, ours, others in (
        ("numba ÷ best other (target .8)", FAST, lambda name: not name.startswith("Fonte")),
        ("numpy ÷ bm25s, numpy (target .3)", PLAIN, lambda name: name == VECTORS),
    ):
        cells = [_ratios([row for row in rows if row.size == size], ours, others) for size in sizes]
        made.append(f"| {title} | {' | '.join(cells)} | | | |")
    return made


def exponent(rows: Sequence[Row]) -> float | None:
    """By what power of the number of passages the median grows; None from fewer than three sizes."""
    if len(rows) < 3:
        return None
    return float(np.polyfit(np.log([row.size for row in rows]), np.log([row.median for row in rows]), 1)[0])


def _ratios(rows: Sequence[Row], ours: str, others: Callable[[str], bool]) -> str:
    """Our median and 99th percentile over the best of the others', whichever it is for each."""
    own = next((row for row in rows if row.name == ours), None)
    beside = [row for row in rows if others(row.name)]
    if own is None or not beside:
        return "–"
    median, p99 = min(row.median for row in beside), min(row.p99 for row in beside)
    return f"{_short(own.median / median, 2)} / {_short(own.p99 / p99, 2)}"


def _short(value: float, places: int = 3) -> str:
    """Three digits that count: `.084`, `1.06`, `28.3`, `209`."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if value >= 10 else 2 if value >= 1 else places}f}".removeprefix("0")
