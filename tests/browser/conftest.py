"""What the browser tests share: Debian's Chromium, and real servers on free ports.

The browser is the one that `QA_TEST_CHROMIUM` names, else the first `chromium` on the path; without one the tests
are skipped and say so.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from waitress.server import create_server  # type: ignore[import-untyped]

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS, load_settings
from tests.web.conftest import LabelledByHand, write_corpus
from web.app import create_app


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test: `-m "not browser"` leaves it out."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The browser's path, None where there is none."""
    named = os.environ.get("QA_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium()
    if path is None:
        pytest.skip("no browser: install chromium, or name one in QA_TEST_CHROMIUM")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": path, "args": quiet}


class Site:
    """A server in a thread, and what browsers did with it."""

    def __init__(self, answerer: Answerer) -> None:
        self.app = create_app(answerer, load_settings())
        self._server = create_server(self.app, host="127.0.0.1", port=0, threads=4, ident=None)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()

    def close(self) -> None:
        """Ends the server's loop, from inside it, and waits for its thread."""
        self._server.trigger.pull_trigger(self._end)
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()

    def _end(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


@pytest.fixture(scope="session")
def shipped_site() -> Iterator[Site]:
    """The five texts."""
    site = Site(Answerer(load_corpus(SHIPPED_CORPUS)))
    yield site
    site.close()


@pytest.fixture(scope="session")
def zinc_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small corpus with labels set by hand."""
    site = Site(LabelledByHand(load_corpus(write_corpus(tmp_path_factory.mktemp("zinc") / "corpus"))))
    yield site
    site.close()


class Visit:
    """A page in a context of its own; `close` fails on console messages, foreign requests and cookies."""

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(base_url=site.url, **{"locale": "en-GB", **options})
        self.page: Page = self.context.new_page()
        self.messages: list[str] = []
        self.requests: list[Request] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda problem: self.messages.append(str(problem)))
        self.page.on("request", lambda request: self.requests.append(request))

    def _heard(self, message: ConsoleMessage) -> None:
        self.messages.append(message.text)

    def ask(self, question: str) -> None:
        """Asks in the chat and waits for the new turn."""
        before = self.page.locator(".turn").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.locator(".turn").nth(before).wait_for()

    def close(self, expected: str | None = None) -> None:
        """Ends the visit; `expected` is what a provoked failure may write to the console."""
        cookies = self.context.cookies()
        foreign = [r.url for r in self.requests if not r.url.startswith((self.site.url, "blob:"))]
        self.context.close()
        assert [m for m in self.messages if expected is None or expected not in m] == []
        assert foreign == []
        assert cookies == []
