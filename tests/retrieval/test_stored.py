"""A collection out of an index is the collection of the folder, and is brought piece by piece."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from qa import Answerer, load_corpus
from qa.answering.reply import answer_json, document_json
from qa.cache import in_use
from qa.evidence.assessment import Assessment
from qa.retrieval.cache import open_index
from qa.retrieval.stored import Content, Contents, Texts, content_of, content_row, facts_of, opened, row_of
from qa.retrieval.tuning import Parts
from qa.settings import SHIPPED_CORPUS


class Shelf:
    """Contents of passages as an index gives them out, and what was asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.asked: list[list[int]] = []

    def fetch(self, numbers: Sequence[int]) -> Mapping[int, Content]:
        self.asked.append(list(numbers))
        return {number: Content(self.texts[number], None, Assessment(None), "0") for number in numbers}


@pytest.fixture(scope="module")
def folder() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture(scope="module")
def stored(folder: Answerer) -> Answerer:
    """The same collection after a way through JSON; the embedded engine searches it."""
    documents = folder.corpus.documents
    numbers = {document.id: number for number, document in enumerate(documents)}
    index = open_index(folder.corpus, Parts(), in_use())
    written = json.dumps(
        {
            "facts": [facts_of(document) for document in documents],
            "rows": [row_of(passage, numbers[passage.document.id]) for passage in folder.passages],
            "contents": [
                content_row(passage, folder.assessments[passage.id], index.located(number))
                for number, passage in enumerate(folder.passages)
            ],
        }
    )
    read = json.loads(written)
    contents = Contents(lambda asked: {at: content_of(read["contents"][at]) for at in asked}, len(read["rows"]))
    made = opened(
        folder.corpus.digest,
        folder.corpus.questions,
        read["facts"],
        read["rows"],
        index.topics,
        contents,
        lambda number: documents[number].text,
    )
    return Answerer(made.corpus, stored=replace(made, index=replace(made.index, postings=index.postings)))


@pytest.mark.parametrize(
    "question", ["Il magnesio aiuta contro la sciatica?", "is kratom addictive", "ketamina rischi"]
)
def test_answers(folder: Answerer, stored: Answerer, question: str) -> None:
    assert answer_json(stored.ask(question)) == answer_json(folder.ask(question))


def test_all_of_it(folder: Answerer, stored: Answerer) -> None:
    assert stored.assessments == dict(folder.assessments)
    assert stored.corpus.digest == folder.corpus.digest
    for own, other in zip(folder.passages, stored.passages, strict=True):
        assert (other.id, other.text, other.pages, other.place) == (own.id, own.text, own.pages, own.place)
        assert stored.caveats(other) == folder.caveats(own)
    for own, other in zip(folder.corpus.documents, stored.corpus.documents, strict=True):
        assert other == own
        assert document_json(other, stored, "en", whole=True) == document_json(own, folder, "en", whole=True)


def test_neighbours_come_along() -> None:
    shelf = Shelf([f"text {number}" for number in range(120)])
    contents = Contents(shelf.fetch, len(shelf.texts))
    assert [contents[number].text for number in (60, 70, 51, 99)] == ["text 60", "text 70", "text 51", "text 99"]
    assert shelf.asked == [list(range(50, 100))]
    assert contents[119].text == "text 119"
    assert shelf.asked[1:] == [list(range(100, 120))]


def test_many_come_at_once_and_each_once() -> None:
    shelf = Shelf(["…"] * 2_000)
    contents = Contents(shelf.fetch, 2_000)
    contents.bring([3, 1_999, 700])
    contents.bring(iter([700, 4]))
    assert shelf.asked == [[3, 1_999, 700], [4]]
    contents.bring(range(1_200))
    assert [len(numbers) for numbers in shelf.asked[2:]] == [500, 500, 1_200 - 1_000 - 3]


def test_the_longest_unread_make_room() -> None:
    shelf = Shelf(["…"] * 200)
    contents = Contents(shelf.fetch, 200, most=2)
    contents.bring([1, 2])
    assert contents[1].text == "…"
    contents.bring([3])
    contents.bring([1])
    contents.bring([2])
    assert shelf.asked == [[1, 2], [3], [2]]


def test_whole_texts_are_kept_by_their_length() -> None:
    asked: list[int] = []

    def fetch(number: int) -> str:
        asked.append(number)
        return "x" * number

    texts = Texts(fetch, most=100)
    assert [len(texts[number]) for number in (40, 60, 40, 60)] == [40, 60, 40, 60]
    assert asked == [40, 60]
    assert texts[7] == "x" * 7  # the one that was longest unread makes room
    assert [len(texts[number]) for number in (60, 7, 40)] == [60, 7, 40]
    assert asked == [40, 60, 7, 40]
    assert len(texts[500]) == 500  # given, but not kept
    assert [len(texts[number]) for number in (40, 7, 500)] == [40, 7, 500]
    assert asked[4:] == [500, 500]


def test_what_is_not_there_is_a_fault() -> None:
    contents = Contents(lambda numbers: {}, 10)
    with pytest.raises(KeyError):
        contents[3]
