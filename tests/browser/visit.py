"""A site and a visit to it: a real server, a real browser, and what must not happen between them."""

import threading
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from waitress.server import create_server  # type: ignore[import-untyped]

from qa.answering.answerer import Answerer
from qa.settings import load_settings
from web.app import create_app


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
