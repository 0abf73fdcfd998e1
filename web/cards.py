"""What a template needs to draw an answer: one card, the same for page, fetch, permalink and print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answering.answerer import Answer, Answerer, AnswerPassage
from qa.answering.explanation import explain
from qa.answering.interpretation import searched
from qa.answering.reply import message, unjudged
from qa.documents.passages import Passage
from qa.evidence.caveats import LEVELS, Caveat, Span, folded, ordered
from qa.language.messages import say
from web.marking import Mark, Piece, pieces
from web.reasons import Reasons, reasons
from web.words import Words, words_of


@dataclass(frozen=True)
class Label:
    """A caveat as drawn: its words, the text that triggered it, and for document scope where that stands."""

    kind: str
    level: str
    title: str
    message: str
    triggers: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True)
class PassageCard:
    """A passage as drawn: labels first, then the text in pieces, then where it comes from."""

    passage: Passage
    rank: int
    shown: tuple[Label, ...]
    folded: tuple[Label, ...]
    elsewhere: tuple[Label, ...]
    text: list[Piece]
    reasons: Reasons | None = None


@dataclass(frozen=True)
class SharedNote:
    """A note that every passage of an answer carries: said once, with the triggers of each passage."""

    label: Label
    triggers: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Card:
    """A whole answer as drawn, all its words in one language."""

    words: Words
    question: str | None
    searched: tuple[str, ...]
    summary: tuple[str, str]
    missing: str | None
    alert: dict[str, str] | None
    answered: bool
    near: str | None
    shared: tuple[SharedNote, ...]
    passages: tuple[PassageCard, ...]
    notice: str
    follow_ups: Sequence[str] = ()

    @property
    def language(self) -> str:
        """The language of the card's own words."""
        return self.words.code


def answer_card(answer: Answer, answerer: Answerer, follow_ups: Sequence[str] = ()) -> Card:
    """The card of an answer."""
    code = answer.language
    told = [reasons(each, answer.query, words_of(code)) for each in explain(answer, answerer)]
    shared = _shared([found.caveats for found in answer.passages])
    not_found = answer.reason == "not_found" or (answer.reason is None and not answer.answered)
    missing = None
    if answer.missing and not_found:
        form = "one" if len(answer.missing) == 1 else "other"
        missing = say(code, f"missing.{form}", words=", ".join(answer.missing))
    return Card(
        words=words_of(code),
        question=answer.question,
        searched=searched(answer.query),
        summary=_led(say(code, "not_found") if not_found else message(answer)),
        missing=missing,
        alert={"kind": answer.alert, "message": say(code, f"alerts.{answer.alert}")} if answer.alert else None,
        answered=answer.answered,
        near=" ".join([say(code, "near_miss"), *unjudged(answer)]) if answer.passages and not answer.answered else None,
        shared=tuple(_shared_note(kind, answer.passages, code) for kind in shared),
        passages=tuple(
            _passage_card(found, code, shared, why) for found, why in zip(answer.passages, told, strict=True)
        ),
        notice=say(code, "notice"),
        follow_ups=follow_ups,
    )


def chosen_card(answerer: Answerer, passages: Sequence[Passage], code: str) -> Card:
    """The card of passages that a link names: no question, nothing matched."""
    found = [
        AnswerPassage(passage, rank, 0.0, (), answerer.assessments[passage.id], answerer.caveats(passage))
        for rank, passage in enumerate(passages, 1)
    ]
    words = words_of(code)
    return Card(
        words=words,
        question=None,
        searched=(),
        summary=(words.count("passages_count", len(found)) + ".", ""),
        missing=None,
        alert=None,
        answered=True,
        near=None,
        shared=(),
        passages=tuple(_passage_card(each, code, ()) for each in found),
        notice=say(code, "notice"),
    )


def _led(text: str) -> tuple[str, str]:
    """The first sentence, which is set strong, and the rest."""
    first, stop, rest = text.partition(". ")
    return (first + ".", " " + rest) if stop else (text, "")


def label(caveat: Caveat, code: str, text: str, link: str | None = None) -> Label:
    """A caveat in the words of a language; its spans count in `text`."""
    triggers = tuple(dict.fromkeys(" ".join(text[s.start : s.end].split()) for s in caveat.spans))
    return Label(
        caveat.kind,
        LEVELS[caveat.kind],
        say(code, f"caveats.{caveat.kind}.title"),
        say(code, f"caveats.{caveat.kind}.message"),
        triggers,
        link,
    )


def labels(caveats: Iterable[Caveat], code: str, passage: Passage) -> tuple[Label, ...]:
    """Caveats in the order of showing; those of document scope with the words elsewhere that they come from."""
    made = []
    for caveat in ordered(caveats):
        if caveat.place:
            text = passage.document.text
            moved = Caveat(caveat.kind, (Span(caveat.place.start, caveat.place.end),))
            made.append(label(moved, code, text, f"c{caveat.place.start}"))
        else:
            made.append(label(caveat, code, passage.text))
    return tuple(made)


def triggers(caveats: Iterable[Caveat]) -> list[Mark]:
    """The marks of the words that set off the caveats of a passage."""
    return [(span.start, span.end, "trigger") for caveat in caveats for span in caveat.spans]


def _passage_card(found: AnswerPassage, code: str, shared: Sequence[str], why: Reasons | None = None) -> PassageCard:
    own = [c for c in found.caveats if c.scope == "passage" and c.kind not in shared]
    hidden = set(folded(c for c in found.caveats if c.scope == "passage"))
    marks: list[Mark] = [(mark.start, mark.end, mark.kind) for mark in found.highlights]
    return PassageCard(
        passage=found.passage,
        rank=found.rank,
        shown=labels((c for c in own if c not in hidden), code, found.passage),
        folded=labels((c for c in own if c in hidden), code, found.passage),
        elsewhere=labels((c for c in found.caveats if c.scope != "passage"), code, found.passage),
        text=pieces(found.passage.text, marks + triggers(found.caveats)),
        reasons=why,
    )


def _shared(caveats: Sequence[Sequence[Caveat]]) -> tuple[str, ...]:
    """Kinds of note that every one of two or more passages carries itself."""
    if len(caveats) < 2:
        return ()
    kinds = [{c.kind for c in each if c.scope == "passage"} for each in caveats]
    everywhere = set.intersection(*kinds)
    return tuple(kind for kind in LEVELS if kind in everywhere and LEVELS[kind] == "note")


def _shared_note(kind: str, passages: Sequence[AnswerPassage], code: str) -> SharedNote:
    each = [(found, next(c for c in found.caveats if c.kind == kind)) for found in passages]
    told = [(found.rank, label(caveat, code, found.passage.text).triggers) for found, caveat in each]
    return SharedNote(label(Caveat(kind), code, ""), tuple((rank, words) for rank, words in told if words))


def permalink_ids(card: Card) -> list[str]:
    """The passages of a card by id: what its link names. Never the question."""
    return [each.passage.id for each in card.passages]
