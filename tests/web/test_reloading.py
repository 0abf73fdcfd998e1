"""A corpus that changes under a running server: what is whole is taken into use, what is broken is told of."""

import gc
import os
import shutil
import signal
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answer, Answerer
from qa.documents import corpus as corpora
from qa.documents import formats
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.watching import snapshot
from qa.settings import load_settings
from tests.serving import Server
from tests.web.zinc import write_corpus
from web import reloading
from web.app import create_app
from web.reloading import Reloader, ready

MORE = "\n\nA new paragraph tells of copper bracelets, which did nothing for the itching elbow of anybody.\n"


class Running:
    """An application over a folder of its own, and what reads the folder anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = load_settings(corpus=folder)
        seen = snapshot(folder)
        self.app = create_app(ready(Answerer(load_corpus(folder))), settings)
        self.reloader = Reloader(self.app, settings, seen)
        self.client: FlaskClient = self.app.test_client()

    def health(self) -> dict[str, Any]:
        """The body of `/healthz`."""
        body: dict[str, Any] = self.client.get("/healthz").get_json()
        return body

    def answers(self) -> list[str]:
        """What is found for three questions, the texts of the passages."""
        questions = ("zinc drops for itching", "zinc dressings", "copper bracelets")
        asked = [self.client.post("/ask", json={"question": question}).get_json() for question in questions]
        return [passage["text"] for answer in asked for passage in answer["passages"]]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    yield Running(write_corpus(tmp_path / "corpus"))


def test_a_change_is_taken_into_use(running: Running) -> None:
    assert not any("copper" in text for text in running.answers())
    with (running.folder / "dressing.txt").open("a", encoding="utf-8") as file:
        file.write(MORE)
    assert running.reloader.reload()
    assert any("copper" in text for text in running.answers())
    assert "problem" not in running.health()


def test_a_text_that_is_taken_out_is_gone(running: Running) -> None:
    table = running.folder / "sources.toml"
    parts = table.read_text("utf-8").split("[[document]]")
    table.write_text("[[document]]".join(part for part in parts if "dressing.txt" not in part), "utf-8")
    assert running.reloader.reload()
    assert running.health()["documents"] == 2


def outside(folder: Path, name: str) -> None:
    """The file becomes a link to one outside of the folder."""
    (folder / name).unlink()
    (folder.parent / "secret.txt").write_text("The secret of zinc is told to nobody who asks for it.", "utf-8")
    (folder / name).symlink_to(folder.parent / "secret.txt")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (lambda f: (f / "dressing.txt").unlink(), "sources.toml: file 'dressing.txt' is not there"),
    "emptied": (lambda f: (f / "dressing.txt").write_bytes(b""), "dressing.txt: empty"),
    "cut in a letter": (lambda f: (f / "dressing.txt").write_bytes("perché".encode()[:-1]), "dressing.txt: not UTF-8"),
    "binary": (lambda f: (f / "dressing.txt").write_bytes(b"\x89PNG\0"), "dressing.txt: a binary file"),
    "replaced by a folder": (
        lambda f: ((f / "dressing.txt").unlink(), (f / "dressing.txt").mkdir()),
        "sources.toml: file 'dressing.txt' is not there",
    ),
    "replaced by a pipe": (
        lambda f: ((f / "dressing.txt").unlink(), os.mkfifo(f / "dressing.txt")),
        "sources.toml: file 'dressing.txt' is not there",
    ),
    "linked away": (lambda f: outside(f, "dressing.txt"), "dressing.txt: a link out of the corpus folder"),
    "sources a pipe": (
        lambda f: ((f / "sources.toml").unlink(), os.mkfifo(f / "sources.toml")),
        "sources.toml: is no file that can be read to its end",
    ),
    "sources linked away": (
        lambda f: outside(f, "sources.toml"),
        "sources.toml: a link out of the corpus folder",
    ),
    "200 MB": (lambda f: os.truncate(f / "dressing.txt", 200_000_000), "dressing.txt: 200,000,000 bytes, more than"),
    "no sources": (lambda f: (f / "sources.toml").unlink(), "sources.toml: is no longer there"),
    "empty sources": (lambda f: (f / "sources.toml").write_text(""), "dressing.txt: not named in sources.toml"),
    "half of sources": (
        lambda f: (f / "sources.toml").write_text((f / "sources.toml").read_text("utf-8")[:-3]),
        "sources.toml: ",
    ),
    "a wrong row": (
        lambda f: (f / "sources.toml").write_text('[[document]]\nfile = "dressing.txt"\nkind = "news"\n'),
        "sources.toml: document 1: kind 'news' is not one of",
    ),
    "no folder": (lambda f: shutil.rmtree(f), "corpus: no such folder"),
    "nothing in it": (lambda f: (shutil.rmtree(f), f.mkdir()), "corpus: no document in this folder"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_corpus_keeps_the_one_before(
    running: Running, fault: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before, whole = running.answers(), tmp_path / "whole"
    shutil.copytree(running.folder, whole)
    do, reason = FAULTS[fault]
    do(running.folder)
    assert not running.reloader.reload()
    assert running.answers() == before
    health = running.health()
    assert (health["status"], health["documents"]) == ("ok", 3)
    assert reason in health["problem"]
    assert str(running.folder) not in health["problem"]
    told = capfd.readouterr().err
    assert reason in told and "the one before stays in use" in told and "Traceback" not in told
    shutil.rmtree(running.folder, ignore_errors=True)
    shutil.copytree(whole, running.folder)
    assert running.reloader.reload()
    assert "problem" not in running.health()
    assert running.answers() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_text_that_may_no_longer_be_read_keeps_the_one_before(running: Running) -> None:
    (running.folder / "dressing.txt").chmod(0)
    assert not running.reloader.reload()
    assert "dressing.txt: cannot be read: Permission denied" in running.health()["problem"]


def test_a_folder_that_changes_while_it_is_read_is_read_later(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_and_disturb(path: Path) -> Corpus:
        corpus = load_corpus(path)
        (running.folder / "dressing.txt").write_text(f"Zinc dressings\n{MORE}", "utf-8")
        return corpus

    monkeypatch.setattr(reloading, "load_corpus", load_and_disturb)
    assert not running.reloader.reload()
    assert "dressing.txt: changed while the corpus was read" in running.health()["problem"]
    monkeypatch.undo()
    assert running.reloader.reload()


def test_a_file_that_grows_while_it_is_read_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_corpus(tmp_path / "corpus")
    opened, checked = formats._at_once, formats._check_place

    def written_into(path: str | Path) -> None:
        if Path(path).suffix == ".txt":
            with Path(path).open("ab") as other:
                other.write(b" and more")

    def growing_before(path: str, flags: int) -> int:
        file = opened(path, flags)
        written_into(path)
        return file

    def growing_after(path: Path, *rest: Any) -> None:
        checked(path, *rest)
        written_into(path)

    monkeypatch.setattr(formats, "_at_once", growing_before)
    problems = [problem.message for problem in corpora.read_corpus(folder).problems]
    assert not any("changed while it was read" in each for each in problems)  # it grew before it was looked at
    monkeypatch.setattr(formats, "_at_once", opened)
    monkeypatch.setattr(formats, "_check_place", growing_after)
    problems = [problem.message for problem in corpora.read_corpus(folder).problems]
    assert sum("changed while it was read, left out" in each for each in problems) == 3


class Swapping(Answerer):
    """Has the corpus read anew in the middle of every answer."""

    reloader: Reloader

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """The real answer."""
        assert self.reloader.reload()
        return super().ask(question, language, limit, history)


def test_a_request_in_hand_keeps_its_answerer(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus")
    running = Running(folder)
    old = Swapping(load_corpus(folder))
    old.reloader = running.reloader
    running.app.config["ANSWERER"] = old
    (folder / "dressing.txt").write_text(f"Copper bracelets\n{MORE}", "utf-8")
    in_hand = running.client.post("/ask", data={"question": "How are zinc dressings changed every day?"})
    assert "a nurse looks at the wound" in " ".join(in_hand.text.split())
    assert running.app.config["ANSWERER"] is not old
    after = running.client.post("/ask", json={"question": "zinc dressings on itching skin"})
    assert "a nurse looks at the wound" not in after.text


def test_what_was_swapped_out_is_let_go(running: Running) -> None:
    running.answers()
    old = weakref.ref(running.app.config["ANSWERER"])
    for _ in range(2):
        assert running.reloader.reload()
        running.answers()
    gc.collect()
    assert old() is None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = write_corpus(tmp_path / "corpus")
    running = Server(tmp_path, "--corpus", str(folder), "--reload")
    yield running
    running.kill()


def until(server: Server, so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The health once it is so."""
    end = time.monotonic() + 60
    while not so(health := server.health()):
        assert time.monotonic() < end, server.log.read_text("utf-8")
        time.sleep(0.1)
    return health


def test_a_watched_folder_and_a_signal(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    table = (folder / "sources.toml").read_text("utf-8")
    (folder / "copper.txt").write_text(f"Copper\n{MORE}", "utf-8")
    (folder / "sources.toml").write_text(f'{table}[[document]]\nfile = "copper.txt"\n', "utf-8")
    until(server, lambda health: health["documents"] == 4)
    (folder / "sources.toml").write_text(f"{table}[[document]\n", "utf-8")
    assert until(server, lambda health: "problem" in health)["documents"] == 4
    (folder / "sources.toml").write_text(table, "utf-8")
    assert until(server, lambda health: health["documents"] == 3).get("problem") is None
    lines = server.log.read_text("utf-8").count("corpus read anew")
    server.process.send_signal(signal.SIGHUP)
    until(server, lambda health: server.log.read_text("utf-8").count("corpus read anew") == lines + 1)
    assert server.stop(signal.SIGTERM) == 0


def test_questions_that_are_a_pipe_or_lie_elsewhere_are_none(tmp_path: Path) -> None:
    """They are read while a request waits."""
    folder = write_corpus(tmp_path / "corpus")
    assert load_corpus(folder).questions
    outside(folder, "questions.jsonl")
    assert load_corpus(folder).questions == ""
    (folder / "questions.jsonl").unlink()
    os.mkfifo(folder / "questions.jsonl")
    assert load_corpus(folder).questions == ""
