"""TREC run and qrels files, out and in: `query Q0 passage rank score tag` and `query 0 passage grade`, blanks between.

trec_eval sorts a run by score, not by rank, and equal scores by id. So scores are written to fall strictly, and every
program that reads the file sees the order that was shown. Blanks inside ids are written as %20.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from qa.errors import QuestionSetError
from qa.evaluation.outcomes import Ranking
from qa.evaluation.questions import read_bytes
from qa.evaluation.relevance import Judgments

TAG = "fonte"
_STEP = 0.0001


def run_lines(rankings: Mapping[str, Ranking], tag: str = TAG) -> list[str]:
    """The lines of a run file; a question that found nothing has none."""
    lines = []
    for query, ranking in rankings.items():
        before = float("inf")
        for rank, (passage, score) in enumerate(ranking, 1):
            written = min(round(score, 4), round(before - _STEP, 4))
            lines.append(f"{written_id(query)} Q0 {written_id(passage)} {rank} {written:.4f} {tag}")
            before = written
    return lines


def qrels_lines(judgments: Judgments) -> list[str]:
    """The lines of a qrels file."""
    return [
        f"{written_id(query)} 0 {written_id(passage)} {grade}"
        for query, grades in judgments.items()
        for passage, grade in grades.items()
    ]


def read_run(path: Path, queries: Iterable[str], passages: Iterable[str]) -> dict[str, Ranking]:
    """Query id → ranking, of the known queries, as trec_eval orders it: by falling score, equal ones by falling id.

    Raises QuestionSetError for a line of another form, a passage that stands twice, and a run that has no known query
    or no known passage; unknown passages keep their ranks, for they took a place.
    """
    known_queries = {written_id(query): query for query in queries}
    known_passages = {written_id(passage): passage for passage in passages}
    found: dict[str, dict[str, float]] = {}
    any_known = False
    for number, cells in _rows(path, 6, "query Q0 passage rank score tag"):
        query, passage = known_queries.get(cells[0]), known_passages.get(cells[2], cells[2])
        if query is None:
            continue
        any_known = any_known or cells[2] in known_passages
        listed = found.setdefault(query, {})
        if passage in listed:
            raise QuestionSetError(f"{path}:{number}: passage {passage!r} stands twice for query {query!r}")
        listed[passage] = _number(path, number, "score", cells[4])
    if not any_known:
        raise QuestionSetError(
            f"{path}: none of its queries and passages are known here; is it a run over this corpus?"
        )
    return {
        query: tuple(sorted(sorted(found.get(query, {}).items(), reverse=True), key=lambda p: -p[1]))
        for query in known_queries.values()
    }


def read_qrels(path: Path, queries: Iterable[str], passages: Iterable[str]) -> dict[str, dict[str, int]]:
    """Query id → passage id → grade above 0, of the known queries; raises QuestionSetError by file, line and field."""
    known_queries = {written_id(query): query for query in queries}
    known_passages = {written_id(passage): passage for passage in passages}
    judged: dict[str, dict[str, int]] = {}
    for number, cells in _rows(path, 4, "query 0 passage grade"):
        query, passage, grade = (
            known_queries.get(cells[0]),
            known_passages.get(cells[2]),
            _number(path, number, "grade", cells[3]),
        )
        if query is not None and passage is None:
            raise QuestionSetError(f"{path}:{number}: field 'passage': {cells[2]!r} is not in the corpus")
        if query is not None and passage is not None and grade > 0:
            judged.setdefault(query, {})[passage] = int(grade)
    if not judged:
        raise QuestionSetError(f"{path}: judges none of the questions asked")
    return judged


def written_id(identifier: str) -> str:
    """An id as it stands in a TREC file."""
    return "%20".join(identifier.split()) if identifier.split() != [identifier] else identifier


def _rows(path: Path, columns: int, form: str) -> Iterable[tuple[int, list[str]]]:
    try:
        lines = read_bytes(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as problem:
        raise QuestionSetError(f"{path}: not UTF-8 (byte 0x{problem.object[problem.start]:02x})") from problem
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if cells and len(cells) != columns:
            raise QuestionSetError(f"{path}:{number}: {len(cells)} columns, expected {form}")
        if cells:
            yield number, cells


def _number(path: Path, number: int, name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise QuestionSetError(f"{path}:{number}: field {name!r}: {value!r} is not a number") from None
