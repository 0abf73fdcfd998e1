"""The production server: waitress, which keeps no access log, with a clean stop on SIGTERM."""

import json
import signal
import sys
import time
from types import FrameType
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]

from qa.answering.answerer import Answerer
from qa.cache import Cache, use
from qa.documents.corpus import load_corpus
from qa.errors import InputError
from qa.retrieval.engines import engine_of
from qa.retrieval.semantic import RERANKERS
from qa.settings import Settings
from web.app import create_app
from web.errors import CODES
from web.headers import HEADERS, POLICY

THREADS = 8
FLUSH_SECONDS = 1.0  # waitress gives workers 5 s on a stop; this is for what they leave in buffers
_MOST_BODY = 1 << 20  # above this the connection is cut short; up to it the application's own 413 answers


def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; raises CorpusError or InputError when it cannot start."""
    use(Cache(settings.cache))
    corpus = load_corpus(settings.corpus)
    for problem in corpus.problems:
        print(f"qa: {problem.message}", file=sys.stderr)
    answerer = Answerer(corpus, engine_of(settings), reranker=RERANKERS[settings.reranker])
    answerer.ask(corpus.documents[0].title)  # reads every data file now: a broken one is told here, not to a reader
    server = listen(answerer, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    print(f"Fonte answers from {len(corpus.documents)} documents on {address(server)}", file=sys.stderr, flush=True)
    server.run()
    _flush(server, time.monotonic() + FLUSH_SECONDS)


def listen(answerer: Answerer, settings: Settings) -> Any:
    """A waitress server that listens but does not yet answer; raises InputError when the address cannot be had."""
    try:
        server = create_server(
            create_app(answerer, settings),
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident=None,
            max_request_body_size=_MOST_BODY,
            inbuf_overflow=2 * _MOST_BODY,  # no question ever goes to a temporary file
            channel_timeout=60,
        )
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "no such address"
        raise InputError(f"cannot listen on {settings.host}:{settings.port}: {reason}", "port") from problem
    for listener in _sockets(server).values():
        if isinstance(listener, BaseWSGIServer):
            listener.channel_class = _Channel
    return server


def address(server: Any) -> str:
    """Where a server of `listen` is reached."""
    single = isinstance(server, BaseWSGIServer)
    host, port = (server.effective_host, server.effective_port) if single else server.effective_listen[0]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress refuses before the application sees it gets our shape and headers too, and repeats nothing."""

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
        self.response_headers.extend([*HEADERS.items(), ("Content-Security-Policy", POLICY)])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that refuses in our words."""

    error_task_class = _Refusal


def _sockets(server: Any) -> dict[int, Any]:
    """Listeners and connections by file number; a host with two addresses has two listeners."""
    sockets: dict[int, Any] = server._map if isinstance(server, BaseWSGIServer) else server.map
    return sockets


def _stop(number: int, frame: FrameType | None) -> None:
    """Leaves the server's loop; waitress then lets its workers finish what they have begun."""
    raise SystemExit(0)


def _flush(server: Any, deadline: float) -> None:
    """Sends what finished answers still have in their buffers."""
    sockets = _sockets(server)
    while time.monotonic() < deadline and any(getattr(each, "total_outbufs_len", 0) for each in list(sockets.values())):
        wasyncore.loop(timeout=0.05, map=sockets, count=1)
    server.close()
