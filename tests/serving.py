"""A real server in a thread, for tests that speak to it from outside."""

import threading

from qa.answering.answerer import Answerer
from qa.settings import load_settings
from web.server import address, listen


class Serving:
    """Serves while the block runs; entering it gives the address."""

    def __init__(self, answerer: Answerer) -> None:
        self._server = listen(answerer, load_settings(port=0))
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> str:
        self._thread.start()
        return str(address(self._server)).rstrip("/")

    def __exit__(self, *problem: object) -> None:
        self._server.trigger.pull_trigger(self._end)  # in the loop itself: no other thread may touch its sockets
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()

    def _end(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()
