"""The command `qa questions`: what a question set covers, and adding to it in a dialogue."""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from qa.answering.answerer import MOST_PASSAGES, Answerer
from qa.documents.passages import Passage
from qa.errors import FonteError, InputError
from qa.evaluation.growing import append, kind_of, line_of, next_id, quote, spans, uncovered
from qa.evaluation.questions import KINDS, TOPICS, Gold, Question, QuestionSet, read_questions
from qa.language.detection import guess
from qa.language.registry import LANGUAGES
from qa.settings import Settings, load_settings

_OPTIONS = (
    click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder; default: the five texts shipped."),
    click.option(
        "--file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Question set; default: questions.jsonl in the corpus folder.",
    ),
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in _OPTIONS:
        command = option(command)
    return command


@click.group("questions", invoke_without_command=True)
@_options
@click.option("--uncovered", "list_uncovered", is_flag=True, help="List the passages that answer no question yet.")
@click.pass_context
def questions_command(context: click.Context, corpus: Path | None, file: Path | None, list_uncovered: bool) -> None:
    """What a question set covers; `qa questions add` adds to it.

    \b
    qa questions                  how many questions of each kind
    qa questions --uncovered      passages that no question is about yet
    qa questions add              a new question, its answer picked from what a search finds
    """
    if context.invoked_subcommand:
        return
    answerer, _, questions = _open(context.obj, corpus, file)
    missing = uncovered(questions, answerer.passages)
    if list_uncovered:
        for passage in missing:
            click.echo(f"{passage.id}\t{passage.language or '?'}\t{' '.join(passage.text.split())}")
    else:
        for kind, count in sorted(Counter(question.kind for question in questions.questions).items()):
            click.echo(f"{kind}\t{count}")
    click.echo(
        f"qa: {len(missing)} of {len(answerer.passages)} passages answer none of {len(questions.questions)} questions",
        err=True,
    )


def _open(
    open_answerer: Callable[[Settings], Answerer], corpus: Path | None, file: Path | None
) -> tuple[Answerer, Path, QuestionSet]:
    settings = load_settings(corpus=corpus)
    path = file or settings.corpus / "questions.jsonl"
    answerer = open_answerer(settings)
    return (
        answerer,
        path,
        read_questions(path, answerer.corpus) if path.exists() else QuestionSet(path.name, "", ()),
    )


@questions_command.command("add")
@_options
@click.pass_context
def add(context: click.Context, corpus: Path | None, file: Path | None) -> None:
    """A dialogue: the question, its answer as an exact quote picked from a search, its kind and language.

    \b
    qa questions add --corpus my-texts
    """
    parent = (context.parent.params if context.parent else {}) or {}
    answerer, path, questions = _open(context.obj, corpus or parent.get("corpus"), file or parent.get("file"))
    text = _ask("Question")
    if any(question.text == text for question in questions.questions):
        raise InputError("this question is in the set already", "question")
    language = _ask("Its language", default=guess(text, vocabulary=True).code, choice=tuple(LANGUAGES))
    history: list[str] = []
    while earlier := _ask(
        "A question that came before it (Enter: none)" if not history else "And after that (Enter: no more)",
        default="",
    ):
        history.append(earlier)
    gold, passages = _gold(answerer, text, tuple(history))
    kind = "followup" if history and gold else kind_of(language, passages)
    topic = None
    if gold:
        kind = _ask("Kind", default=kind, choice=tuple(k for k in KINDS if k != "none"))
    else:
        kind = "none"
        topic = _ask("Does it belong to the texts' matter (on) or not (off)?", default="on", choice=TOPICS)
    note = _ask("A note (Enter: none)", default="")
    line = line_of(Question(next_id(questions), text, kind, language, gold, tuple(history), topic), note)
    append(path, line)
    read_questions(path, answerer.corpus)  # what was written must read back
    click.echo(line)
    click.echo(f"qa: added to {path}", err=True)


def _gold(answerer: Answerer, text: str, history: tuple[str, ...]) -> tuple[tuple[Gold, ...], list[Passage]]:
    """The quotes that answer, picked from searches; none means that the texts do not answer."""
    gold: list[Gold] = []
    chosen: list[Passage] = []
    found = _search(answerer, text, history)
    while True:
        reply = _ask("Number of a passage that answers, other words to search for, or Enter when done", default="")
        if not reply:
            return tuple(gold), chosen
        if not reply.isdigit():
            found = _search(answerer, reply, ())
        elif not 1 <= int(reply) <= len(found):
            click.echo(f"  there is no passage {reply}", err=True)
        else:
            passage = found[int(reply) - 1]
            gold.append(_quote(passage))
            chosen.append(passage)


def _search(answerer: Answerer, words: str, history: tuple[str, ...]) -> list[Passage]:
    try:
        found = [hit.passage for hit in answerer.search(words, None, history, MOST_PASSAGES)]
    except FonteError as problem:
        click.echo(f"  {problem}", err=True)
        return []
    for number, passage in enumerate(found, 1):
        click.echo(f"\n[{number}] {passage.id}\n{passage.text}", err=True)
    click.echo("" if found else "  nothing found", err=True)
    return found


def _quote(passage: Passage) -> Gold:
    listed = spans(passage)
    for number, (start, end) in enumerate(listed, 1):
        click.echo(f"  {number}: {passage.text[start:end]}", err=True)
    while True:
        first, _, last = _ask("Sentence, or first-last", default="1").partition("-")
        try:
            return quote(passage, int(first), int(last or first))
        except (ValueError, FonteError) as problem:
            click.echo(f"  {problem}", err=True)


def _ask(question: str, default: str | None = None, choice: tuple[str, ...] | None = None) -> str:
    kind = click.Choice(choice) if choice else None
    try:
        reply = click.prompt(question, default=default, type=kind, err=True, show_default=bool(default))
    except click.Abort:
        click.echo("qa: nothing was added", err=True)
        sys.exit(2)
    return str(reply).strip()
