"""What a question set does not cover, and adding to it."""

from pathlib import Path

import pytest

from qa import Answerer, load_corpus
from qa.errors import QuestionSetError
from qa.evaluation.growing import append, kind_of, next_id, quote, uncovered
from qa.evaluation.questions import Question, QuestionSet, read_questions
from tests.evaluation.test_commands import qa


def test_uncovered_passages(small: Path) -> None:
    answerer = Answerer(load_corpus(small))
    questions = read_questions(small / "questions.jsonl", answerer.corpus)
    assert [passage.document.id for passage in uncovered(questions, answerer.passages)] == ["it/zenzero"]
    done = qa("questions", "--uncovered", "--corpus", small)
    assert done.stdout.startswith("it/zenzero#1\tit\tLo zenzero calma") and "1 of 3 passages" in done.stderr


def test_quotes_are_exact_slices_of_whole_sentences(small: Path) -> None:
    passage = Answerer(load_corpus(small)).passages[0]
    assert quote(passage, 1, 1).quote == "Ginger tea eased nausea in a trial of 60 pregnant women."
    assert quote(passage, 1, 2).quote in passage.document.text
    for first, last in ((0, 1), (2, 1), (1, 3)):
        with pytest.raises(QuestionSetError, match="has 1 to 2"):
            quote(passage, first, last)


@pytest.mark.parametrize(
    ("ids", "following"),
    [((), "q-001"), (("d-146",), "d-147"), (("d-009", "x-2", "x-1"), "x-3"), (("plain",), "q-001")],
)
def test_next_id(ids: tuple[str, ...], following: str) -> None:
    questions = tuple(Question(identifier, "?", "none", "en") for identifier in ids)
    assert next_id(QuestionSet("q", "", questions)) == following


def test_kinds_follow_from_languages(small: Path) -> None:
    english, italian = (Answerer(load_corpus(small)).passages[at] for at in (0, 2))
    cases = [([], "none"), ([english], "same"), ([italian], "cross"), ([english, italian], "both")]
    assert [kind_of("en", gold) for gold, _ in cases] == [kind for _, kind in cases]


@pytest.mark.parametrize(("before", "after"), [(b"", b"x\n"), (b"a", b"a\nx\n"), (b"a\n", b"a\nx\n")])
def test_append_ends_every_line(before: bytes, after: bytes, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(before)
    append(path, "x")
    assert path.read_bytes() == after


def test_the_dialogue_adds_an_answerable_question(small: Path) -> None:
    replies = ["Che cosa calma la nausea del mattino?", "it", "", "9", "zenzero", "1", "7", "1-2", "", "", "first try"]
    done = qa("questions", "add", "--corpus", small, stdin="\n".join(replies) + "\n")
    assert done.exit_code == 0, done.stderr
    added = read_questions(small / "questions.jsonl", load_corpus(small)).questions[-1]
    assert (added.id, added.language, added.text) == ("t-4", "it", replies[0])
    assert added.gold and added.kind in ("same", "cross")


def test_the_dialogue_adds_an_unanswerable_question(small: Path) -> None:
    replies = ["Is turmeric good for the knees?", "en", "", "", "on", ""]
    done = qa("questions", "add", "--corpus", small, stdin="\n".join(replies) + "\n")
    assert done.exit_code == 0, done.stderr
    added = read_questions(small / "questions.jsonl", load_corpus(small)).questions[-1]
    assert (added.kind, added.topic, added.gold) == ("none", "on", ())


def test_a_dialogue_broken_off_adds_nothing(small: Path) -> None:
    before = (small / "questions.jsonl").read_bytes()
    done = qa("questions", "add", "--corpus", small, stdin="Is turmeric good for the knees?\n")
    assert done.exit_code == 2 and "nothing was added" in done.stderr
    assert (small / "questions.jsonl").read_bytes() == before
