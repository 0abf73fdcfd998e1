"""Lines as they stand on printed pages to paragraphs: words put together again, running heads dropped."""

import re
from collections import Counter
from collections.abc import Sequence

_FULL = 0.75  # a line at least this long, of the usual longest one, may go on in the next
_EDGE = 2  # lines at the top and at the foot of a page among which running heads are looked for
_LEAST_PAGES = 3
_BULLET = re.compile(r"[-–—*•·▪◦●○]\s|\(?\d{1,2}[.)]\s")
_CLOSED = re.compile(r"[.!?:…]['\"”’»)\]]*(?:\[?\d++[\],–-]*+)*+$")
_HYPHEN = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[-\u00ad\u2010]$")


def reflowed(pages: Sequence[str]) -> list[list[str]]:
    """For each page its paragraphs, each one line of text."""
    lines = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    running = _running(lines)
    kept = [
        [line for at, line in enumerate(page) if not (_at_edge(page, at) and _pattern(line) in running)]
        for page in lines
    ]
    hyphenated = {word.casefold() for page in kept for line in page for word in re.findall(r"\b\w+-\w+", line)}
    return [_paragraphs(page, hyphenated) for page in kept]


def _at_edge(page: Sequence[str], at: int) -> bool:
    filled = [number for number, line in enumerate(page) if line]
    return at in filled[:_EDGE] or at in filled[-_EDGE:]


def _pattern(line: str) -> str:
    """The line with its numbers alike: a page number changes from page to page."""
    return re.sub(r"\d+", "#", line.casefold())


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """What stands at the edge of more than half of the pages (of three, on all)."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(line) for at, line in enumerate(page) if line and _at_edge(page, at)})
    if len(pages) < _LEAST_PAGES:
        return set()
    return {line for line, count in counts.items() if count >= max(_LEAST_PAGES, len(pages) / 2)}


def _paragraphs(lines: Sequence[str], hyphenated: set[str]) -> list[str]:
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    paragraphs: list[str] = []
    goes_on = False
    for at, line in enumerate(lines):
        if not line:
            goes_on = False
            continue
        if goes_on and not _BULLET.match(line):
            paragraphs[-1] = _joined(paragraphs[-1], line, hyphenated)
        else:
            paragraphs.append(line)
        after = next((other for other in lines[at + 1 :] if other), "")
        full = len(line) >= _FULL * usual
        open_ended = not _CLOSED.search(line) and (full or after[:1].islower())
        goes_on = bool(_HYPHEN.search(line)) or open_ended or (full and len(line) >= 0.9 * usual)
    return paragraphs


def _joined(before: str, line: str, hyphenated: set[str]) -> str:
    """Two lines as one. A hyphen at the end goes, unless the word has it elsewhere too, or a capital follows."""
    broken = _HYPHEN.search(before)
    rest = re.match(r"[^\W\d_]+", line)
    if not broken or not rest:
        return f"{before} {line}"
    keeps = f"{broken[1]}-{rest[0]}".casefold() in hyphenated or not rest[0][0].islower()
    return before + line if keeps and before[-1] != "\u00ad" else before[:-1] + line
