"""`qa index`: a corpus into an index that outlives the process."""

import sys
from pathlib import Path
from typing import Any

import click

from qa.cache import Cache, in_use, use
from qa.documents.corpus import Corpus, load_corpus
from qa.evidence.assessments import Assessments
from qa.retrieval.cache import Index, open_index
from qa.retrieval.tuning import Parts
from qa.settings import Settings, load_settings


def register(group: click.Group) -> None:
    """Adds the command to the command line."""
    group.add_command(index)


def engine_options(command: Any) -> Any:
    """The options by which a command is told its engine."""
    command = click.option("--url", help="Where OpenSearch answers; several apart by commas.")(command)
    return click.option("--engine", type=click.Choice(["embedded", "opensearch"]), help="The search engine.")(command)


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder; default: the five texts shipped.")
@engine_options
@click.option("--shards", type=click.IntRange(1), default=3, show_default=True, help="OpenSearch: parts of the index.")
@click.option(
    "--replicas",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="OpenSearch: copies of each part.",
)
def index(corpus: Path | None, engine: str | None, url: str | None, shards: int, replicas: int) -> None:
    """Index a corpus, so that `qa serve` starts at once.

    Into OpenSearch it is written aside, texts and caveats included, completed where a run was broken off, and taken
    into use when it is whole; servers change over by themselves, and what was in use before stays until the next run.
    The embedded engine's goes into the cache folder.

    \b
    qa index --corpus my-texts
    qa index --corpus my-texts --engine opensearch --url http://127.0.0.1:9200
    """
    settings = load_settings(corpus=corpus, engine=engine, url=url)
    use(Cache(settings.cache))
    read = load_corpus(settings.corpus)
    for problem in read.problems:
        click.echo(f"qa: {problem.message}", err=True)
    click.echo(f"reading {len(read.documents)} documents", err=True)
    made = open_index(read, Parts(), in_use())
    if settings.engine == "opensearch":
        _into_opensearch(settings, read, made, shards, replicas)
    click.echo(f"{len(made.passages)} passages of {len(read.documents)} documents are indexed")


def _into_opensearch(settings: Settings, corpus: Corpus, made: Index, shards: int, replicas: int) -> None:
    from qa.retrieval.opensearch import open_engine  # an extra
    from qa.retrieval.opensearch_collection import Collection

    writing, done = open_engine(settings), 0
    beside = Collection(corpus, made, Assessments(made.passages, made.corpus, in_use()))
    with click.progressbar(length=len(made.passages), label="indexing", file=sys.stderr) as bar:

        def progress(now: int) -> None:
            nonlocal done
            bar.update(now - done)
            done = now

        writing.write(made.entries(), made.corpus, progress, beside, shards=shards, replicas=replicas)
    writing.close()
