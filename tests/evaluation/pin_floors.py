"""Pins the floors of tests/floors.toml at today's figures, rounded down to whole percents.

python tests/evaluation/pin_floors.py           raises what has risen, pins what is new; fails where a figure fell
python tests/evaluation/pin_floors.py --lower   lowers too: say why in the commit
"""

import hashlib
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from qa import Answerer, load_corpus
from qa.evaluation.gate import Bound, Pinned, read_floors, write_floors
from qa.evaluation.intervals import Figure
from qa.evaluation.outcomes import Asker
from qa.settings import SHIPPED_CORPUS
from tests.evaluation.conftest import ROOT
from tests.evaluation.test_floors import FLOORS, figures_of

FLOORED = {
    "questions": ("hit@1", "hit@3", "hit@5", "same.hit@3", "cross.hit@3", "both.hit@3", "noisy.hit@3", "followup.hit@3",
                  "Success@3", "cross.Success@3", "R@10", "nDCG@10", "none.refused", "none.on.refused",
                  "none.off.refused", "auroc", "exact"),
    "caveats": ("promotional.F1", "one_sided.F1", "no_human.F1", "no_human.en.F1", "no_human.it.F1",
                "absolute_safety.recall", "right_reason"),
}  # fmt: skip
CEILED = {"questions": ("answerable.refused",), "caveats": ("no_human.false_alarms", "absolute_safety.false_alarms")}
HEAD = (
    "Answer quality, pinned like code: a test fails when a figure falls below its floor (min) or rises above its\n"
    "ceiling (max). Written by tests/evaluation/pin_floors.py, which lowers nothing unless told to; the digests tie\n"
    "the bounds to the data they were measured on."
)


def main(lower: bool) -> int:
    asker = Asker(Answerer(load_corpus(SHIPPED_CORPUS)))
    pinned, fell = [], []
    for old in read_floors(FLOORS):
        figures = figures_of(old, asker)
        new = [bound(name, figures[name], True) for name in FLOORED[old.sort] if name in figures]
        new += [bound(name, figures[name], False) for name in CEILED[old.sort] if name in figures]
        before = {(b.name, b.at_least): b.value for b in old.bounds}
        kept = []
        for one in new:
            value = before.get((one.name, one.at_least), one.value)
            worse = one.value < value if one.at_least else one.value > value
            fell += [f"{old.file}: {one.name} was pinned at {value}, is now {one.value}"] if worse else []
            kept.append(Bound(one.name, value, one.at_least) if worse and not lower else one)
        digest = hashlib.sha256((ROOT / old.file).read_bytes()).hexdigest()
        pinned.append(Pinned(old.file, old.sort, digest, tuple(kept)))
    print("\n".join(fell), file=sys.stderr)
    if fell and not lower:
        return 1
    FLOORS.write_text(write_floors(pinned, HEAD), "utf-8")
    return 0


def bound(name: str, figure: Figure, at_least: bool) -> Bound:
    """Whole percents on the safe side, so that rounding alone breaks nothing."""
    percents = figure.value * 100
    return Bound(name, (math.floor(percents + 1e-9) if at_least else math.ceil(percents - 1e-9)) / 100, at_least)


if __name__ == "__main__":
    sys.exit(main("--lower" in sys.argv[1:]))
