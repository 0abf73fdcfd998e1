"""Question sets: JSON Lines with exact answer quotes, read strictly against the corpus they ask about."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from qa.answering.answerer import LONGEST_QUESTION, MOST_HISTORY
from qa.documents.corpus import Corpus
from qa.documents.document import Document
from qa.errors import QuestionSetError
from qa.evaluation.relevance import squash
from qa.language.registry import LANGUAGES

KINDS = ("same", "cross", "both", "none", "followup", "noisy")
TOPICS = ("on", "off")
_FIELDS = ("id", "lang", "kind", "question", "gold", "history", "topic", "note")
_MOST_TOLD = 20
_AROUND = 8  # words


@dataclass(frozen=True)
class Gold:
    """Where an answer stands: a document's id and the exact words that answer."""

    document: str
    quote: str


@dataclass(frozen=True)
class Question:
    """A question with what is known of its answer. `gold` is empty where the corpus has none (kind "none").

    `language` is None where nobody said and detection cannot tell; `topic` tells unanswerable questions apart that
    belong to the corpus's matter ("on") and that do not ("off").
    """

    id: str
    text: str
    kind: str
    language: str | None
    gold: tuple[Gold, ...] = ()
    history: tuple[str, ...] = ()
    topic: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the corpus holds an answer."""
        return self.kind != "none"


@dataclass(frozen=True)
class QuestionSet:
    """Questions in file order. `judgments` (question id → passage id → grade) is None where quotes are the gold.

    `deep`: rankings are judged to full depth and no answer is composed, as BEIR folders need it.
    """

    name: str
    sha256: str
    questions: tuple[Question, ...]
    judgments: Mapping[str, Mapping[str, int]] | None = field(default=None, repr=False)
    deep: bool = False


def read_questions(path: Path, corpus: Corpus) -> QuestionSet:
    """Reads a set; raises QuestionSetError that lists what is wrong by file, line and field.

    A quote that its document no longer holds is wrong too: the message shows the nearest text of the document.
    """
    data = read_bytes(path)
    documents = {document.id: document for document in corpus.documents}
    questions: list[Question] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, row in json_rows(path, data, problems):
        where = f"{path}:{number}"
        wrong = [f"{where}: {problem}" for problem in _problems(row, documents)]
        if isinstance(row.get("id"), str) and row["id"] in seen:
            wrong.append(f"{where}: field 'id': {row['id']!r} stands in line {seen[row['id']]} already")
        problems += wrong
        if not wrong:
            seen[row["id"]] = number
            questions.append(_question(row))
    if not problems and not questions:
        problems.append(f"{path}: holds no question")
    complain(problems)
    return QuestionSet(path.name, hashlib.sha256(data).hexdigest(), tuple(questions))


def read_bytes(path: Path) -> bytes:
    """The content of a labelled file; raises QuestionSetError when it cannot be had."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise QuestionSetError(f"{path}: cannot be read: {problem.strerror}") from problem


def json_rows(path: Path, data: bytes, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of each line that holds a JSON object; what holds something else becomes a problem."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise QuestionSetError(
            f"{path}:{data[: problem.start].count(10) + 1}: not UTF-8 (byte 0x{data[problem.start]:02x})"
        ) from problem
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            problems.append(f"{path}:{number}: not JSON: {problem}")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            problems.append(f"{path}:{number}: not a JSON object")


def complain(problems: Sequence[str]) -> None:
    """Raises QuestionSetError with the first problems, if there are any."""
    if problems:
        more = [f"and {len(problems) - _MOST_TOLD} more"] if len(problems) > _MOST_TOLD else []
        raise QuestionSetError("\n".join([*problems[:_MOST_TOLD], *more]))


def choice_problem(row: Mapping[str, Any], name: str, known: Sequence[str]) -> Iterator[str]:
    """A complaint when a field's value is not among the known ones."""
    if not isinstance(row.get(name), str) or row[name] not in known:
        yield f"field {name!r}: {row.get(name)!r} is not one of {', '.join(known)}"


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        id=row["id"],
        text=row["question"].strip(),
        kind=row["kind"],
        language=row["lang"],
        gold=tuple(Gold(gold["doc"], gold["quote"]) for gold in row.get("gold", [])),
        history=tuple(row.get("history", [])),
        topic=row.get("topic"),
    )


def _problems(row: Mapping[str, Any], documents: Mapping[str, Document]) -> Iterator[str]:
    for name in row:
        if name not in _FIELDS:
            yield f"unknown field {name!r}, known are {', '.join(_FIELDS)}"
    if not isinstance(row.get("id"), str) or not row["id"].strip():
        yield f"field 'id': {row.get('id')!r} is no name"
    yield from choice_problem(row, "lang", tuple(LANGUAGES))
    yield from choice_problem(row, "kind", KINDS)
    if not _askable(row.get("question")):
        yield f"field 'question': not a text of 1 to {LONGEST_QUESTION:,} characters"
    history = row.get("history", [])
    if not isinstance(history, list) or len(history) > MOST_HISTORY or not all(map(_askable, history)):
        yield f"field 'history': not a list of at most {MOST_HISTORY} questions"
    elif row.get("kind") == "followup" and not history:
        yield "field 'history': a followup needs the questions before it"
    if "topic" in row:
        yield from choice_problem(row, "topic", TOPICS)
        if row.get("kind") != "none":
            yield "field 'topic': belongs to questions of kind none alone"
    if not isinstance(row.get("note", ""), str):
        yield "field 'note': not a text"
    gold = row.get("gold", [])
    if not isinstance(gold, list):
        yield "field 'gold': not a list"
    elif row.get("kind") == "none" and gold:
        yield "field 'gold': a question of kind none has no answer"
    elif row.get("kind") != "none" and not gold:
        yield "field 'gold': missing, so nothing can answer; unanswerable questions are of kind none"
    else:
        for number, entry in enumerate(gold, 1):
            for problem in _gold_problems(entry, documents):
                yield f"field 'gold', entry {number}: {problem}"


def _askable(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= LONGEST_QUESTION


def _gold_problems(entry: object, documents: Mapping[str, Document]) -> Iterator[str]:
    if not isinstance(entry, dict) or set(entry) != {"doc", "quote"}:
        yield f"{entry!r} is not {{'doc': …, 'quote': …}}"
        return
    document, quote = documents.get(entry["doc"]), entry["quote"]
    if document is None:
        yield f"doc {entry['doc']!r} is not in the corpus; its documents: {', '.join(sorted(documents)[:10])}"
    elif not isinstance(quote, str) or not quote.strip():
        yield "quote: empty"
    elif squash(quote) not in squash(document.text):
        yield f"quote {quote!r} does not occur in {document.file}; nearest there: {nearest(quote, document.text)!r}"


def nearest(quote: str, text: str) -> str:
    """The piece of `text` most like `quote`, in whole words."""
    found = fuzz.partial_ratio_alignment(quote, text)
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text)]
    if found is None or not words:
        return ""
    low, high = (found.dest_start, found.dest_end) if len(quote) <= len(text) else (0, len(text))
    # the alignment is as long as the quote, to the letter: look around its two ends for the better words
    first = next((at for at, (_, end) in enumerate(words) if end > low), len(words) - 1)
    last = max((at for at, (start, _) in enumerate(words) if start < high), default=0)
    around = range(-_AROUND, _AROUND + 1)
    starts = [words[at][0] for at in sorted({min(max(first + step, 0), len(words) - 1) for step in around})]
    ends = [words[at][1] for at in sorted({min(max(last + step, 0), len(words) - 1) for step in around})]
    pieces = [text[start:end] for start in starts for end in ends if start < end]
    return max(pieces, key=lambda piece: fuzz.ratio(quote, piece))
