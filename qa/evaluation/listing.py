"""Misses and wrong caveats as text for a terminal, one block each."""

from collections.abc import Iterable

from qa.evaluation.caveats import Warned
from qa.evaluation.misses import Miss, Shown

_WORDS = 30


def misses_text(misses: Iterable[Miss]) -> str:
    """Each miss: the question, what came instead, where the answer stood, and each word's score in either."""
    blocks = [_miss(miss) for miss in misses]
    return "\n".join([f"Misses: {len(blocks)}", "", *blocks])


def _miss(miss: Miss) -> str:
    question = miss.question
    confidence = "" if miss.confidence is None else f", confidence {miss.confidence:.2f}"
    lines = [f"{question.id} [{question.kind}, {question.language or '?'}] {miss.what}{confidence}"]
    lines += [f"  after: {earlier}" for earlier in question.history]
    lines.append(f"  {question.text}")
    lines += [_shown(passage) for passage in miss.shown]
    for part in miss.parts:
        shares = " | ".join(f"{share.score:6.2f} {', '.join(share.variants)}".rstrip() for share in part.shares)
        asking = " (asking word)" if part.frame else ""
        lines.append(f"    {part.text}{asking} × {part.weight:.2f}: {shares}")
    return "\n".join([*lines, ""])


def _shown(shown: Shown) -> str:
    words = shown.passage.text.split()
    text = " ".join(words[:_WORDS]) + (" …" if len(words) > _WORDS else "")
    sign = "+" if shown.relevant else "-"
    place = f"rank {shown.rank}" if shown.rank else "not ranked"
    score = "" if shown.score is None else f", score {shown.score:.2f}"
    return f"  {sign} {shown.passage.id} ({place}{score}): {text}"


def errors_text(warned: Iterable[Warned]) -> str:
    """Each labelled passage with a wrong caveat, or the right one for a wrong reason."""
    blocks = [
        f"{one.row.id} [{one.row.language}] {one.wrong}\n  readers: {one.row.labels}\n"
        f"  shown: {', '.join(sorted(one.found)) or 'none'}\n  {one.row.text}\n"
        for one in warned
        if one.wrong
    ]
    return "\n".join([f"Wrong caveats: {len(blocks)}", "", *blocks])
