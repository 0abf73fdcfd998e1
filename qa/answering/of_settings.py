"""An answerer of the settings: over the texts of a folder, or those that OpenSearch's index holds."""

import shlex
from collections.abc import Callable
from typing import Any

from qa.answering.answerer import Answerer
from qa.documents.corpus import Corpus, load_corpus
from qa.errors import InputError
from qa.retrieval.engine import Engine
from qa.retrieval.engines import engine_of
from qa.retrieval.semantic import RERANKERS
from qa.retrieval.stored import Storing
from qa.settings import Settings, load_settings


def answering_settings(**flags: Any) -> Settings:
    """The settings of a command that answers; raises InputError where a flag names a folder that it would not read.

    A variable or a line of `fonte.toml` names the folder for `qa index` too, and is no fault of such a command.
    """
    settings, corpus = load_settings(**flags), flags.get("corpus")
    if corpus is not None and isinstance(engine_of(settings), Storing):
        raise InputError(
            f"flag --corpus = '{corpus}': the engine {settings.engine} answers from its index and reads no folder; "
            f"put this one there with `qa index --engine {settings.engine} --corpus {shlex.quote(str(corpus))}`, "
            "then leave --corpus out",
            "corpus",
        )
    return settings


def open_answerer(settings: Settings, tell: Callable[[str], None]) -> Answerer:
    """Over the texts in the engine's index where it holds them, else over the corpus folder.

    `tell` is given each problem that leaves a file of the folder out; raises FonteError where there is nothing to read.
    """
    engine = engine_of(settings)
    if not isinstance(engine, Storing):
        return of_corpus(load_told(settings, tell), settings, engine)
    stored = engine.stored()
    return Answerer(stored.corpus, engine, reranker=RERANKERS[settings.reranker], stored=stored)


def load_told(settings: Settings, tell: Callable[[str], None]) -> Corpus:
    """The corpus of the settings' folder, its problems told."""
    corpus = load_corpus(settings.corpus)
    for problem in corpus.problems:
        tell(problem.message)
    return corpus


def of_corpus(corpus: Corpus, settings: Settings, engine: Engine | None = None) -> Answerer:
    """Over a corpus that is in memory; an engine whose index outlives the process must have been given it before."""
    return Answerer(corpus, engine or engine_of(settings), reranker=RERANKERS[settings.reranker])
