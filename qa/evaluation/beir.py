"""BEIR folders as question sets: queries.jsonl and qrels/<split>.tsv, beside the corpus.jsonl that is the corpus."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.documents.corpus import Corpus
from qa.errors import QuestionSetError
from qa.evaluation.questions import Question, QuestionSet, complain, json_rows, read_bytes
from qa.language.detection import detect
from qa.language.registry import LANGUAGES

_NEARLY_ALL = 0.95


def read_beir(folder: Path, split: str, corpus: Corpus) -> QuestionSet:
    """The judged queries of a split in file order; raises QuestionSetError that names file, line and field.

    A query's language is what its row says, else the one that nearly all queries are detected to be in, else what
    detection is sure of, else None. Its kind tells whether the relevant passages are in that language ("same"), in
    another ("cross"), in both, or unknown ("query").
    """
    queries, qrels = folder / "queries.jsonl", folder / "qrels" / f"{split}.tsv"
    if not qrels.is_file() and (folder / "qrels").is_dir():
        known = ", ".join(sorted(file.stem for file in (folder / "qrels").glob("*.tsv"))) or "none"
        raise QuestionSetError(f"{qrels}: no such split; splits of this folder: {known}")
    query_data, qrel_data = read_bytes(queries), read_bytes(qrels)
    languages = {document.id: document.language for document in corpus.documents}
    judgments = _judgments(qrels, qrel_data, languages)
    problems: list[str] = []
    texts: dict[str, str] = {}
    declared: dict[str, str] = {}
    for number, row in json_rows(queries, query_data, problems):
        where = f"{queries}:{number}"
        identifier, text = row.get("_id"), row.get("text")
        if not isinstance(identifier, str | int) or isinstance(identifier, bool) or str(identifier) == "":
            problems.append(f"{where}: field '_id': {identifier!r} is no name")
        elif not isinstance(text, str) or not text.strip():
            problems.append(f"{where}: field 'text': missing or empty")
        elif str(identifier) in texts:
            problems.append(f"{where}: field '_id': {identifier!r} stands twice")
        else:
            texts[str(identifier)] = text.strip()
            code = row.get("lang") or (row.get("metadata") or {}).get("lang")
            declared |= {str(identifier): code} if code in LANGUAGES else {}
    problems += [
        f"{qrels}: query-id {identifier!r} is not in {queries.name}"
        for identifier in judgments
        if identifier not in texts
    ]
    if not problems and not judgments:
        problems.append(f"{qrels}: judges no query")
    complain(problems)
    kept = {identifier: text for identifier, text in texts.items() if identifier in judgments}
    codes = _detected(kept) | declared
    asked = tuple(
        Question(name, text, _kind(codes[name], {languages[p] for p in judgments[name]}), codes[name])
        for name, text in kept.items()
    )
    digest = hashlib.sha256(query_data + b"\0" + qrel_data).hexdigest()
    return QuestionSet(f"{folder.resolve().name}/{split}", digest, asked, judgments, deep=True)


def _detected(texts: Mapping[str, str]) -> dict[str, str | None]:
    """Detection errs on short queries, so where at least 95 % of those it is sure of agree, all are taken to."""
    codes: dict[str, str | None] = {name: detect(text) for name, text in texts.items()}
    counts = Counter(code for code in codes.values() if code)
    code, count = counts.most_common(1)[0] if counts else (None, 0)
    return dict.fromkeys(texts, code) if count >= _NEARLY_ALL * counts.total() > 0 else codes


def _kind(code: str | None, gold: set[str | None]) -> str:
    if code is None or None in gold:
        return "query"
    return "both" if len(gold) > 1 else "same" if gold == {code} else "cross"


def _judgments(path: Path, data: bytes, known: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """Query id → passage id → grade above 0, of the queries that have any."""
    judged: dict[str, dict[str, int]] = {}
    problems: list[str] = []
    for number, cells in _cells(path, data):
        where = f"{path}:{number}"
        if len(cells) != 3:
            problems.append(f"{where}: {len(cells)} columns, expected query-id corpus-id score")
        elif not cells[2].lstrip("-").isdigit():
            problems.append(f"{where}: field 'score': {cells[2]!r} is not a whole number")
        elif cells[1] not in known:
            problems.append(f"{where}: field 'corpus-id': {cells[1]!r} is not in corpus.jsonl")
        elif int(cells[2]) > 0:
            judged.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    complain(problems)
    return judged


def _cells(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as problem:
        raise QuestionSetError(f"{path}: not UTF-8 (byte 0x{data[problem.start]:02x})") from problem
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if line.strip() and not (number == 1 and cells[0] == "query-id"):
            yield number, cells
