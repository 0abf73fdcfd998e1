"""Questions to click on, from the corpus's own `questions.jsonl`: examples to start with, follow-ups to an answer."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from qa.answering.answerer import Answer, Answerer

MOST_EXAMPLES = 4
MOST_FOLLOW_UPS = 3
_LONGEST = 72  # characters: a button, not a paragraph
_KINDS = ("same", "cross", "both")
_ENOUGH = 40  # short questions looked at for each choice


@dataclass(frozen=True)
class Suggestion:
    """A question that the corpus answers, and the documents it answers it from."""

    question: str
    language: str
    documents: tuple[str, ...]


class Suggestions:
    """The questions of one answerer's corpus; empty where it has no question set or it cannot be read."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self.every = tuple(_read(answerer.corpus.questions))
        self._tried: dict[Suggestion, bool] = {}
        self._examples: dict[str, list[str]] = {}

    def examples(self, language: str) -> list[str]:
        """Up to four questions of a language, each about another document where there are that many."""
        if language not in self._examples:
            self._examples[language] = self._choose_examples(language)
        return self._examples[language]

    def _choose_examples(self, language: str) -> list[str]:
        chosen: list[Suggestion] = []
        listed = [each for each in self.every if each.language == language][: _ENOUGH * 2]
        for fresh in (True, False):
            for each in listed:
                told = {document for other in chosen for document in other.documents}
                wanted = not fresh or not told.intersection(each.documents)
                if len(chosen) < MOST_EXAMPLES and each not in chosen and wanted and self._works(each):
                    chosen.append(each)
        return [each.question for each in chosen]

    def follow_ups(self, answer: Answer, asked: frozenset[str]) -> list[str]:
        """Up to three questions not yet asked that the documents of an answer's passages also answer."""
        if not answer.answered:
            return []
        listed = [
            each
            for document in dict.fromkeys(passage.passage.document.id for passage in answer.passages)
            for each in self.every
            if each.language == answer.language and document in each.documents and each.question not in asked
        ]
        chosen: list[str] = []
        for each in list(dict.fromkeys(listed))[:_ENOUGH]:
            if len(chosen) < MOST_FOLLOW_UPS and self._works(each):
                chosen.append(each.question)
        return chosen

    def _works(self, suggestion: Suggestion) -> bool:
        """The first passage really is of one of the documents that should answer it."""
        if suggestion not in self._tried:
            answer = self.answerer.ask(suggestion.question, suggestion.language, 1)
            first = answer.passages[0].passage.document.id if answer.passages else None
            self._tried[suggestion] = answer.answered and first in suggestion.documents
        return self._tried[suggestion]


def _read(questions: str) -> Iterator[Suggestion]:
    for line in questions.split("\n"):
        try:
            row = json.loads(line)
            question, kind, gold = row["question"], row["kind"], row["gold"]
            if not isinstance(question, str) or not isinstance(row["lang"], str):
                continue
            if kind in _KINDS and len(question) <= _LONGEST and gold and not row.get("history"):
                yield Suggestion(question, row["lang"], tuple(dict.fromkeys(each["doc"] for each in gold)))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # the evaluation names what is wrong in a question set; here the row is only left out
