"""A text cut into pieces, each with what is marked there: matched words, closest sentence, words that set off a label.

Marks overlap freely; the pieces do not, and put together they are the text again, character for character.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

Mark = tuple[int, int, str]
"""(start, end, what): code points of the text; what is "term", "sentence", "trigger" or an anchor "#…"."""

# Characters that turn the direction of what follows; each is shown by its number and kept in a box of its own.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Piece:
    """A run of text under the same marks. `control`: the number of a lone direction character, as U+202E."""

    text: str
    classes: str = ""
    term: bool = False
    anchor: str | None = None
    control: str | None = None


def pieces(text: str, marks: Iterable[Mark] = ()) -> list[Piece]:
    """The text in pieces; marks that reach outside the text are cut to it."""
    spans = [(max(0, start), min(len(text), end), what) for start, end, what in marks]
    spans = [span for span in spans if span[0] < span[1]]
    spans += [(m.start(), m.end(), "control") for m in _CONTROLS.finditer(text)]
    cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    made, anchored = [], set()
    for start, end in pairwise(cuts):
        here = {what for low, high, what in spans if low <= start and end <= high}
        anchors = sorted(what for what in here if what.startswith("#") and what not in anchored)
        anchored.update(anchors)
        classes = " ".join(sorted(what for what in here if not what.startswith("#") and what != "control"))
        control = f"U+{ord(text[start]):04X}" if "control" in here else None
        made.append(Piece(text[start:end], classes, "term" in here, anchors[0][1:] if anchors else None, control))
    return made
