"""Growing a question set: which passages no question covers yet, and adding a question with an exact quote."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.documents.passages import Passage
from qa.errors import QuestionSetError
from qa.evaluation.questions import Gold, Question, QuestionSet
from qa.evaluation.relevance import judge_quotes
from qa.language.messages import DEFAULT
from qa.language.sentences import sentences


def uncovered(questions: QuestionSet, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that are no question's answer, in the order of the corpus."""
    judged = judge_quotes(questions.questions, passages)
    covered = {passage for grades in judged.values() for passage in grades}
    return [passage for passage in passages if passage.id not in covered]


def spans(passage: Passage) -> list[tuple[int, int]]:
    """(start, end) in the passage's text of each of its sentences."""
    return list(sentences(passage.text, passage.language or DEFAULT))


def quote(passage: Passage, first: int, last: int) -> Gold:
    """Sentences `first` to `last` (from 1) of a passage, word for word; raises QuestionSetError for no such ones."""
    listed = spans(passage)
    if not 1 <= first <= last <= len(listed):
        raise QuestionSetError(f"sentences {first} to {last}: {passage.id} has 1 to {len(listed)}")
    return Gold(passage.document.id, passage.text[listed[first - 1][0] : listed[last - 1][1]])


def kind_of(language: str, gold: Iterable[Passage]) -> str:
    """The kind that the languages of question and answers make: same, cross, both, or none without an answer."""
    codes = {passage.language for passage in gold}
    if not codes:
        return "none"
    return "both" if len(codes) > 1 else "same" if codes == {language} else "cross"


def next_id(questions: QuestionSet) -> str:
    """An unused id that goes on from the last one: d-146 → d-147."""
    taken = {question.id for question in questions.questions}
    last = re.fullmatch(r"(.*\D|)(\d+)", questions.questions[-1].id) if questions.questions else None
    stem, number, width = (last[1], int(last[2]), len(last[2])) if last else ("q-", 0, 3)
    while (identifier := f"{stem}{number:0{width}d}") in taken or number == 0:
        number += 1
    return identifier


def line_of(question: Question, note: str = "") -> str:
    """The question as a line of a question set."""
    row: dict[str, object] = {
        "id": question.id,
        "lang": question.language,
        "kind": question.kind,
        "question": question.text,
    }
    row["gold"] = [{"doc": gold.document, "quote": gold.quote} for gold in question.gold]
    row |= {"history": list(question.history)} if question.history else {}
    row |= {"topic": question.topic} if question.topic else {}
    row |= {"note": note} if note else {}
    return json.dumps(row, ensure_ascii=False)


def append(path: Path, line: str) -> None:
    """Adds a line to a question set, after a line end where the file lacks its last."""
    try:
        before = path.read_bytes() if path.exists() else b""
        with path.open("ab") as file:
            file.write((b"\n" if before and not before.endswith(b"\n") else b"") + line.encode("utf-8") + b"\n")
    except OSError as problem:
        raise QuestionSetError(f"{path}: cannot be written: {problem.strerror}") from problem
