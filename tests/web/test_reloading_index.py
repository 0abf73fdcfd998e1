"""Whoever serves out of an index looks every few seconds whether another one has taken its place."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.answering import of_settings
from qa.answering.answerer import Answerer
from qa.retrieval import opensearch
from qa.retrieval.opensearch import OpenSearchEngine
from qa.settings import Settings
from tests.retrieval.open_search import FakeCluster, collected, written
from tests.web.zinc import write_corpus
from web import reloading
from web.app import create_app
from web.reloading import INDEX_SECONDS, MOST_INDEX_SECONDS, Reloader

MORE = "\n\nA new paragraph tells of copper bracelets, which did nothing for the itching elbow of anybody.\n"


class EndError(Exception):
    """No more looks: leaves the loop, which has no end of its own."""


class Clock:
    """Stands for the wait between two looks: what happens meanwhile, and how long each wait was meant to be.

    A turn that gives True was a signal to read anew.
    """

    def __init__(self, turns: list[Callable[[], Any]]) -> None:
        self._turns: Iterator[Callable[[], Any]] = iter(turns)
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        turn = next(self._turns, None)
        if turn is None:
            raise EndError
        self.waits.append(seconds)
        return turn() is True

    def clear(self) -> None:
        """The next turn tells for itself."""


class Serving:
    """An application over the index of a folder's texts; `looks` has the waiting thread's work done in this one."""

    def __init__(self, folder: Path, cluster: FakeCluster) -> None:
        self.folder, self.cluster = folder, cluster
        settings = Settings(corpus=Path("nowhere"), engine="opensearch", index="wells")
        self.index()
        self.app = create_app(of_settings.open_answerer(settings, pytest.fail), settings)
        self.reloader = Reloader(self.app, settings, {})

    def index(self) -> None:
        """What `qa index` does."""
        written(self.cluster, collected(self.folder))

    def change(self) -> None:
        """Another text, and its index."""
        with (self.folder / "dressing.txt").open("a", encoding="utf-8") as file:
            file.write(MORE)
        self.index()

    def delete(self) -> None:
        """Somebody deletes every index."""
        self.cluster.held.clear()

    def looks(self, *turns: Callable[[], Any]) -> list[float]:
        """What happens before each look; how long each wait was."""
        clock = Clock(list(turns))
        self.reloader._asked = clock
        with pytest.raises(EndError):
            self.reloader._wait_for_index()
        return clock.waits

    @property
    def answerer(self) -> Answerer:
        """The one in use."""
        found: Answerer = self.app.config["ANSWERER"]
        return found

    def problem(self) -> str | None:
        """What `/healthz` tells."""
        told: str | None = self.app.test_client().get("/healthz").get_json().get("problem")
        return told


def nothing() -> None:
    """Time goes by."""


def signal() -> bool:
    """SIGHUP."""
    return True


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serving:
    cluster = FakeCluster()
    monkeypatch.setattr(opensearch, "_PAUSE", 0.0)
    monkeypatch.setattr(of_settings, "engine_of", lambda settings: OpenSearchEngine(cluster, settings.index))
    monkeypatch.setattr(reloading, "snapshot", lambda folder: pytest.fail(f"{folder} is looked at"))
    monkeypatch.setattr(reloading, "ready", lambda answerer: answerer)  # the cluster here answers no question
    return Serving(write_corpus(tmp_path / "corpus"), cluster)


def test_as_long_as_nothing_changes_nothing_is_read(serving: Serving) -> None:
    before = serving.answerer
    assert serving.looks(nothing, serving.index, nothing) == [INDEX_SECONDS] * 3
    assert serving.answerer is before


def test_another_index_is_taken_into_use_once(serving: Serving, capfd: pytest.CaptureFixture[str]) -> None:
    before = serving.answerer
    assert serving.looks(serving.change, nothing, nothing) == [INDEX_SECONDS] * 3
    assert serving.answerer is not before
    assert any("copper bracelets" in passage.text for passage in serving.answerer.passages)
    assert capfd.readouterr().err.count("corpus read anew") == 1


def test_an_index_that_is_missing_for_a_while(serving: Serving) -> None:
    before = serving.answerer
    serving.looks(serving.delete, nothing)
    assert serving.answerer is before
    assert serving.problem() is None
    serving.looks(nothing, serving.change)
    assert serving.answerer is not before
    assert "copper bracelets" in serving.answerer.corpus.documents[0].text


def test_an_index_that_never_comes_back(serving: Serving) -> None:
    before = serving.answerer
    serving.delete()
    waits = serving.looks(*[nothing] * 3, *[signal] * 8)
    assert waits == [*[INDEX_SECONDS] * 4, 10.0, 20.0, 40.0, 80.0, 160.0, MOST_INDEX_SECONDS, MOST_INDEX_SECONDS]
    assert serving.answerer is before
    assert "has no index 'wells'" in str(serving.problem())
    serving.change()
    assert serving.looks(signal, nothing) == [INDEX_SECONDS] * 2
    assert serving.problem() is None


def test_an_index_that_is_of_no_use_is_tried_ever_more_seldom(serving: Serving) -> None:
    def of_another_version() -> None:
        serving.change()
        for held in serving.cluster.held.values():
            held["mappings"]["_meta"]["reading"] = "of other cues"

    before = serving.answerer
    assert serving.looks(of_another_version, nothing, nothing, serving.change, nothing) == [5.0, 10.0, 20.0, 40.0, 5.0]
    assert serving.answerer is not before
    assert serving.problem() is None


def test_a_cluster_that_is_away(serving: Serving) -> None:
    def goes() -> None:
        serving.change()
        serving.cluster.down = True

    def comes() -> None:
        serving.cluster.down = False

    before = serving.answerer
    assert serving.looks(goes, nothing, nothing) == [INDEX_SECONDS] * 3
    assert serving.answerer is before
    assert serving.problem() is None  # who cannot be asked has told of no other index
    serving.looks(signal)
    assert "cannot be reached" in str(serving.problem())
    serving.looks(comes)
    assert serving.answerer is not before
    assert serving.problem() is None


def test_the_thread_that_waits_is_the_one_for_an_index(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    monkeypatch.setattr(Reloader, "_wait_for_index", lambda self: waited.append("index"))
    monkeypatch.setattr(Reloader, "_wait", lambda self: waited.append("folder"))

    class Thread:
        def __init__(self, target: Callable[[], None], **named: Any) -> None:
            self.start = target

    monkeypatch.setattr(reloading.threading, "Thread", Thread)
    serving.reloader.start()
    assert waited == ["index"]
