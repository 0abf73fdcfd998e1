"""The command line `qa`: serve, ask, assess, check, and the evaluation commands. Data to stdout, the rest to stderr."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from qa.answering import of_settings
from qa.answering.answerer import Answer, Answerer
from qa.answering.reply import answer_json, assessment_json, message
from qa.cache import Cache, use
from qa.documents.corpus import read_corpus
from qa.documents.import_command import import_command
from qa.documents.near_duplicates import near_duplicates
from qa.documents.originals import original_problems
from qa.documents.passages import split
from qa.errors import FonteError
from qa.evaluation import commands as evaluation
from qa.evidence.assessment import assess
from qa.language.messages import DEFAULT, say
from qa.language.registry import LANGUAGES
from qa.mcp import command as mcp
from qa.retrieval import commands as retrieval
from qa.retrieval.commands import engine_options
from qa.settings import Settings, load_settings
from qa.settings_command import settings_command

_CORPUS = click.option(
    "--corpus", type=click.Path(path_type=Path), help="Corpus folder; default: the five texts shipped."
)


class _Commands(click.Group):
    """Turns what Fonte raises on purpose into one line on stderr and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FonteError as problem:
            fail(str(problem))


def fail(reason: str, status: int = 2) -> NoReturn:
    """Says why on standard error and ends."""
    click.echo(f"qa: {reason}", err=True)
    sys.exit(status)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fonte", prog_name="qa")
def main() -> None:
    """Ask a collection of health texts, in Italian and English.

    \b
    qa serve                                        the chat page, on http://127.0.0.1:8000
    qa ask "Does ketamine help with fibromyalgia?"  one answer in the terminal
    qa assess page.txt                              what a text does: sells? evidence in people?
    qa evaluate                                     how well the shipped questions are answered
    qa check --corpus my-texts                      is a corpus folder as it should be?

    Settings also come from QA_ variables (QA_CORPUS, QA_PORT, …) and from fonte.toml; a flag beats both.
    """


def open_answerer(settings: Settings) -> Answerer:
    """The answerer of the settings; problems that leave a file out go to standard error."""
    use(Cache(settings.cache))
    return of_settings.open_answerer(settings, _tell)


def open_folder(settings: Settings) -> Answerer:
    """The answerer over the corpus folder, whatever the engine: for what is measured against the folder's files."""
    use(Cache(settings.cache))
    return of_settings.of_corpus(of_settings.load_told(settings, _tell), settings)


def _tell(problem: str) -> None:
    click.echo(f"qa: {problem}", err=True)


@main.command()
@_CORPUS
@click.option("--limit", type=click.IntRange(1, 10), default=3, show_default=True, help="Passages at the most.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Language of the reply's own words.")
@click.option("--json", "as_json", is_flag=True, help="Print the body that POST /ask gives.")
@click.option(
    "--after", multiple=True, metavar="QUESTION", help="An earlier question of the conversation; oldest first."
)
@click.option("--explain", is_flag=True, help="Say for each passage what matched and how its score adds up.")
@click.argument("question")
def ask(
    question: str,
    corpus: Path | None,
    limit: int,
    language: str | None,
    as_json: bool,
    after: tuple[str, ...],
    explain: bool,
) -> None:
    """One answer: the best passages with their sources and caveats.

    \b
    qa ask "Il magnesio aiuta contro la sciatica?"
    qa ask --json --limit 1 "is kratom addictive"
    qa ask --after "Does magnesium help with sciatica?" "was that seen in people?"
    qa ask --explain "kratom safe amount"
    """
    answerer = open_answerer(of_settings.answering_settings(corpus=corpus))
    answer = answerer.ask(question, language, limit, after)
    click.echo(json.dumps(answer_json(answer), ensure_ascii=False, indent=1) if as_json else _written(answer))
    if explain:
        from qa.answering.explanation import explain as explained
        from qa.answering.explanation import written

        click.echo(f"\nSearched for: {answer.interpreted}; confidence {answer.confidence:.2f}", err=as_json)
        for explanation in explained(answer, answerer):
            click.echo(written(explanation), err=as_json)


def _written(answer: Answer) -> str:
    body = answer_json(answer)
    lines = [f"! {body['alert']['message']}", ""] if body["alert"] else []
    lines += [message(answer), ""]
    for passage in body["passages"]:
        for caveat in passage["caveats"]:
            sign = "!!" if caveat["level"] == "caution" else " !"
            lines.append(f"{sign} {caveat['title']}. {caveat['message']}")
        source = passage["source"]
        told = [source["title"], source["author"], source["published"], passage["language"]]
        lines += [f"“{passage['text']}”", f"— {', '.join(part for part in told if part)} ({source['file']})", ""]
    return "\n".join([*lines, say(answer.language, "notice")])


@main.command("assess")
@click.option("--json", "as_json", is_flag=True, help="Print the body that POST /assess gives.")
@click.option("--jsonl", is_flag=True, help='Read one {"text": …} a line, print one result a line.')
@click.option("--language", type=click.Choice(list(LANGUAGES)), help="Language of the text; default: detected.")
@click.argument("file", type=click.File("rb"), default="-")
def assess_command(file: Any, as_json: bool, jsonl: bool, language: str | None) -> None:
    """Labels and caveats of a text from FILE or standard input.

    \b
    qa assess page.txt
    echo "Studies show that our drops work." | qa assess --json
    """
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError as problem:
        fail(f"{file.name}: not UTF-8: {problem.reason} at byte {problem.start}")
    if jsonl:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                row = _row(line, f"{file.name}:{number}")
                body = assessment_json(row["text"], assess(row["text"], row.get("language") or language))
                click.echo(json.dumps(({"id": row["id"]} if "id" in row else {}) | body, ensure_ascii=False))
        return
    body = assessment_json(text, assess(text, language))
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    labels = {key: body[key] for key in ("language", "promotional", "claim", "safety")}
    click.echo(" · ".join(f"{key}: {value}" for key, value in labels.items()))
    click.echo(f"evidence: {', '.join(body['evidence'])}")
    for caveat in body["caveats"]:
        click.echo(f"\n{caveat['title']}. {caveat['message']}")
        for span in caveat["spans"]:
            click.echo(f"  “{span['text']}” ({span['start']}–{span['end']})")
    click.echo("\n" + (body.get("message") or say(body["language"] or DEFAULT, "automatic")))


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as problem:
        fail(f"{where}: not JSON: {problem}")
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        fail(f"{where}: field 'text' is missing or no text")
    return row


@main.command()
@_CORPUS
def check(corpus: Path | None) -> None:
    """Is a corpus folder as it should be? Says what is wrong, file by file; exit status 1 when anything is.

    \b
    qa check --corpus my-texts
    """
    read = read_corpus(load_settings(corpus=corpus).corpus)
    problems = [*(problem.message for problem in read.problems), *original_problems(read)]
    for problem in problems:
        click.echo(problem)
    for each in near_duplicates((document.file, document.text[document.body :]) for document in read.documents):
        click.echo(f"{each.second}: nearly the same text as {each.first} ({each.share:.0%})")
    for document in read.documents:
        words = len(document.text.split())
        language = document.language or "language unknown: found by its own words, without caveats"
        click.echo(f"{document.file}: {language}, {document.kind}, {words} words, {len(split(document))} passages")
    click.echo(f"{len(read.documents)} documents, {len(problems)} problems", err=True)
    if problems or not read.documents:
        sys.exit(1)


@main.command()
@_CORPUS
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on. [default: 8000]")
@click.option("--reload", is_flag=True, help="Watch the corpus folder, and take what changes into use.")
@engine_options
def serve(
    corpus: Path | None, host: str | None, port: int | None, reload: bool, engine: str | None, url: str | None
) -> None:
    """The chat page and the API, on a production server. SIGHUP makes it read the corpus anew, without a pause.

    \b
    qa serve
    qa serve --corpus my-texts --reload
    qa serve --corpus my-texts --port 9000
    qa serve --engine opensearch --url http://127.0.0.1:9200

    With OpenSearch the texts are those that `qa index` put there: no folder is read, and --corpus is refused.
    """
    settings = of_settings.answering_settings(
        corpus=corpus, host=host, port=port, reload=reload or None, engine=engine, url=url
    )
    from web.server import run  # here, so that the other commands do not load Flask

    run(settings)


evaluation.register(main, open_folder)
retrieval.register(main)
mcp.register(main, open_answerer)
main.add_command(import_command)
main.add_command(settings_command)

if __name__ == "__main__":
    main()
