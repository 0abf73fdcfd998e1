"""A corpus that changes while it is served: the new index is built aside and swapped between two requests.

Texts in the engine's own index are asked after every few seconds; those of a folder are read anew when asked to.
"""

import sys
import threading
import traceback

from flask import Flask

from qa.answering.answerer import Answerer
from qa.answering.of_settings import of_corpus, open_answerer
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.watching import Snapshot, differences, losses, snapshot
from qa.errors import CorpusError, FonteError
from qa.retrieval.stored import Storing
from qa.settings import Settings

POLL_SECONDS = 1.0
INDEX_SECONDS = 5.0
MOST_INDEX_SECONDS = 300.0
RESTLESS_SECONDS = 30.0  # a folder that has not come to rest for so long is told of
_SOURCES = "sources.toml"


def ready(answerer: Answerer) -> Answerer:
    """The same, when it has read all it needs: what is broken is told now, not to a reader."""
    answerer.ask(answerer.corpus.documents[0].title)
    return answerer


class Reloader:
    """Reads the corpus anew when asked to, or, with the setting `reload`, when its folder has changed and is at rest.

    What is broken, or would lose a text by a fault, is not taken into use: the corpus before stays, standard error and
    /healthz say why. `seen`: the folder as it was when the corpus in use was read.
    """

    def __init__(self, app: Flask, settings: Settings, seen: Snapshot) -> None:
        self._app, self._settings = app, settings
        self._loaded = self._tried = seen
        self._asked = threading.Event()

    def start(self) -> None:
        """Begins to wait, in a thread that ends with the process."""
        wait = self._wait_for_index if isinstance(self._answerer.engine, Storing) else self._wait
        threading.Thread(target=wait, name="reloader", daemon=True).start()

    def ask(self) -> None:
        """Has the corpus read soon; returns at once, and may be called by a signal handler."""
        self._asked.set()

    def reload(self) -> bool:
        """Reads the corpus and takes it into use; False, with the reason told, where it keeps the one before."""
        before = self._answerer
        of_index = isinstance(before.engine, Storing)
        self._tried = now = {} if of_index else snapshot(self._settings.corpus)
        try:
            answerer = ready(self._of_index() if of_index else self._of_folder(before.corpus, now))
        except FonteError as problem:
            self._keep(str(problem))
            return False
        except Exception as problem:  # whatever it is, it must not end the service
            where = traceback.extract_tb(problem.__traceback__)[-1]
            self._keep(f"{type(problem).__name__} in {where.name} ({where.filename}:{where.lineno})")
            return False
        corpus = answerer.corpus
        for told in corpus.problems:
            self._say(told.message)
        self._app.config.update(ANSWERER=answerer, CORPUS_PROBLEM=None)
        self._loaded = now
        self._say(f"corpus read anew: {len(corpus.documents)} documents, {len(answerer.passages)} passages")
        return True

    @property
    def _answerer(self) -> Answerer:
        """The one in use."""
        found: Answerer = self._app.config["ANSWERER"]
        return found

    def _of_index(self) -> Answerer:
        return open_answerer(self._settings, self._say)

    def _of_folder(self, before: Corpus, now: Snapshot) -> Answerer:
        corpus = load_corpus(self._settings.corpus)
        self._refuse_losses(before, corpus, now)
        return of_corpus(corpus, self._settings)

    def _refuse_losses(self, before: Corpus, after: Corpus, now: Snapshot) -> None:
        if _SOURCES in self._loaded and _SOURCES not in now:
            raise CorpusError(f"{after.path / _SOURCES}: is no longer there")
        if changed := differences(now, snapshot(self._settings.corpus)):
            raise CorpusError(f"{after.path / changed[0]}: changed while the corpus was read")
        if lost := list(losses(before, after)):
            raise CorpusError("; ".join(lost))

    def _wait_for_index(self) -> None:
        """Looks whether `qa index` has put another one in its place; more seldom after one that was of no use."""
        pause = INDEX_SECONDS
        while True:
            asked = self._asked.wait(pause)
            self._asked.clear()
            engine = self._answerer.engine
            if asked or (isinstance(engine, Storing) and engine.replaced()):
                pause = INDEX_SECONDS if self.reload() else min(2 * pause, MOST_INDEX_SECONDS)

    def _wait(self) -> None:
        watching = self._settings.reload
        last, restless = self._loaded, 0.0
        while True:
            if self._asked.wait(POLL_SECONDS if watching else None):
                self._asked.clear()
                self.reload()
                continue
            now = snapshot(self._settings.corpus)
            changing = differences(last, now)
            last = now
            if not changing:
                restless = 0.0
                if differences(self._tried, now):
                    self.reload()
                continue
            restless += POLL_SECONDS
            if restless == RESTLESS_SECONDS:
                path = self._settings.corpus / changing[0]
                self._keep(f"{path}: has been changing for {RESTLESS_SECONDS:.0f} seconds")

    def _keep(self, reason: str) -> None:
        """Tells why; /healthz, which anyone may ask, gets it without the place of the folder on this machine."""
        folder = self._settings.corpus
        self._app.config["CORPUS_PROBLEM"] = reason.replace(f"{folder}/", "").replace(str(folder), folder.name)
        self._say(f"corpus not read anew, the one before stays in use: {reason}")

    def _say(self, line: str) -> None:
        print(f"qa: {line}", file=sys.stderr, flush=True)
