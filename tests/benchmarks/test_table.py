"""The table of a run: every retriever at every size it was asked at, growth from three sizes on, ratios of one size."""

from tests.benchmarks.measuring import Row
from tests.benchmarks.table import exponent, lines

ROWS = [
    Row("Fonte, numba", 100, 0.02, 0.04, 0.1, None),
    Row("Fonte, numba", 1_000, 0.04, 0.08, 0.5, None),
    Row("Fonte, numba", 10_000, 0.08, 0.16, 1.2, 12.4),
    Row("tantivy", 100, 0.04, 0.05, 0.1, None),
    Row("tantivy", 1_000, 0.05, 0.2, 0.1, None),
    Row("rank-bm25", 1_000, 1.234, 234.5, 0.1, 1_234.5),
    Row("SQLite", 1_000, 12.34, 0.0964, 0.1, None),
]


def test_lines() -> None:
    assert lines(ROWS) == [
        "| median / p99, ms | 100 | 1,000 | 10,000 | grows by | build, s | MB |",
        "|---|---|---|---|---|---|---|",
        "| Fonte, numba | .020 / .040 | .040 / .080 | .080 / .160 | 0.30 | 1.2 | 12 |",
        "| tantivy | .040 / .050 | .050 / .200 | – | – | 0.1 | – |",
        "| rank-bm25 | – | 1.23 / 234 | – | – | 0.1 | 1,234 |",
        "| SQLite | – | 12.3 / .096 | – | – | 0.1 | – |",
        "| numba ÷ best other (target .8) | .50 / .80 | .80 / .83 | – | | | |",
        "| numpy ÷ bm25s, numpy (target .3) | – | – | – | | | |",
    ]


def test_nothing_measured() -> None:
    assert lines([]) == []
    assert exponent(ROWS[:2]) is None
