"""What waitress is given of ours: connections that refuse in our words, and workers with a waiting room that ends."""

import json
import sys
import time
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ErrorTask, ThreadedTaskDispatcher  # type: ignore[import-untyped]
from waitress.utilities import Error  # type: ignore[import-untyped]

from web.errors import CODES, RETRY_AFTER
from web.headers import HEADERS, POLICY

REQUEST_SECONDS = 60.0  # for all of a request to arrive: a byte a second keeps no connection for ever
_CROWDED = 0.9  # of the connections: from here on the one that was idle longest makes room


class BusyError(Error):  # type: ignore[misc]
    """More requests than may wait."""

    code, reason = 503, "Service Unavailable"


class Refusal(ErrorTask):  # type: ignore[misc]
    """What is refused before the application sees it gets our shape and headers too, and repeats nothing."""

    def execute(self) -> None:
        """Writes the error and closes."""
        problem = self.request.error
        status = problem.code if problem.code in CODES else 400
        code, sentence = CODES[status]
        body = json.dumps({"error": {"code": code, "message": sentence, "field": None}}).encode()
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.extend(
            [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("X-Robots-Tag", "noindex")]
        )
        if status == BusyError.code:
            self.response_headers.append(("Retry-After", RETRY_AFTER))
        self.response_headers.extend([*HEADERS.items(), ("Content-Security-Policy", POLICY)])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that refuses in our words, ends when its request takes for ever, and names nobody in a log."""

    error_task_class = Refusal

    def __init__(self, server: Any, *rest: Any, **named: Any) -> None:
        self._began = time.time()
        super().__init__(server, *rest, **named)
        if len(server._map) > _CROWDED * self.adj.connection_limit:
            others = [each for each in server.active_channels.values() if each is not self]
            idle = [each for each in others if not each.requests and not each.will_close]
            if idle:
                min(idle, key=lambda each: each.last_activity).will_close = True

    def received(self, data: bytes) -> bool:
        """Takes what came, and notes when a request begins."""
        before = self.request
        taken = super().received(data)
        if self.request is not before:
            self._began = time.time()
        return bool(taken)

    def readable(self) -> bool:
        """Asked for at least once a second."""
        if self.request is not None and time.time() - self._began > REQUEST_SECONDS:
            self.will_close = True
        return bool(super().readable())

    def handle_error(self) -> None:
        """A fault goes to standard error by its kind: its message may hold what was sent."""
        kind = sys.exc_info()[0]
        print(f"qa: {kind.__name__ if kind else 'fault'} in a connection, which is closed", file=sys.stderr)
        self.handle_close()

    def __repr__(self) -> str:
        return "<connection>"  # waitress logs it, and would tell the address

    __str__ = __repr__


class Workers(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads that answer, and a queue before them of a limited length; what finds it full is refused at once."""

    def __init__(self, threads: int, most_waiting: int | None) -> None:
        super().__init__()
        self._most = most_waiting
        self._refusing = None if most_waiting is None else Workers(1, None)  # of its own: the others are busy
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """A connection with a request to be answered."""
        with self.lock:
            idle = len(self.threads) - self.stop_count - self.active_count
            if self._refusing is None or self._most is None or len(self.queue) - idle < self._most:
                self.queue.append(task)
                self.queue_cv.notify()
                return
        task.requests[0].error = BusyError("")
        self._refusing.add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Lets what waits and what is under way be answered as long as the time allows; then drops the rest."""
        deadline = time.monotonic() + timeout
        with self.lock:
            while (self.queue or self.active_count) and time.monotonic() < deadline:
                self.thread_exit_cv.wait(0.02)
        if self._refusing is not None:
            self._refusing.shutdown(cancel_pending, 0.1)
        return bool(super().shutdown(cancel_pending, max(0.1, deadline - time.monotonic())))
