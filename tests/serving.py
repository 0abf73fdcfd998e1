"""Real servers for tests that speak to them from outside: in a thread, and in a process of its own."""

import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from qa.answering.answerer import Answerer
from qa.settings import load_settings
from web.app import create_app
from web.connections import Workers
from web.server import address, listen


class Serving:
    """Serves while the block runs; entering it gives the address."""

    def __init__(self, answerer: Answerer, **settings: object) -> None:
        chosen = load_settings(port=0, **settings)
        self.app = create_app(answerer, chosen)
        self._server = listen(self.app, chosen)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        return str(address(self._server)).rstrip("/")

    @property
    def workers(self) -> Workers:
        """The threads that answer, and what waits for them."""
        found: Workers = self._server.task_dispatcher
        return found

    def __exit__(self, *problem: object) -> None:
        self._server.trigger.pull_trigger(self._end)  # in the loop itself: no other thread may touch its sockets
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()

    def _end(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


class Server:
    """A running `qa serve` and what it writes."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        """Starts it in a folder; `settings` are variables without their QA_."""
        self.log = folder / "server.log"
        environment = os.environ | {f"QA_{name.upper()}": value for name, value in settings.items()}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qa", "serve", "--port", "0", *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                env=environment,
            )
        self.port = 0
        for _ in range(600):
            if match := re.search(r"http://127\.0\.0\.1:(\d+)/", self.log.read_text("utf-8")):
                self.port = int(match.group(1))
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"no server: {self.log.read_text('utf-8')}")

    def ask(self, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
        """Status and body of a `POST /ask`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/ask", body, {"Content-Type": kind})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def health(self) -> dict[str, Any]:
        """The body of `/healthz`."""
        with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as response:
            body: dict[str, Any] = json.load(response)
        return body

    def stop(self, number: int) -> int:
        """Exit status after a signal."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """Ends it at once, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
