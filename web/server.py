"""The production server: waitress, which keeps no access log, with a clean stop on SIGTERM."""

import signal
import sys
import time
from types import FrameType
from typing import Any

from waitress.server import create_server  # type: ignore[import-untyped]

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.errors import InputError
from qa.settings import Settings
from web.app import create_app

THREADS = 8
STOP_WITHIN = 5.0  # seconds from SIGTERM to the end, whatever is in hand
_MOST_BODY = 1 << 20  # above this the connection is cut short; up to it our own 413 answers


def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT; raises CorpusError or InputError when it cannot start."""
    corpus = load_corpus(settings.corpus)
    for problem in corpus.problems:
        print(f"qa: {problem.message}", file=sys.stderr)
    answerer = Answerer(corpus)
    answerer.ask(corpus.documents[0].title)  # reads every data file now: a broken one is told here, not to a reader
    try:
        server = create_server(
            create_app(answerer, settings),
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            ident=None,
            max_request_body_size=_MOST_BODY,
            channel_timeout=60,
        )
    except OSError as problem:
        raise InputError(f"cannot listen on {settings.host}:{settings.port}: {problem.strerror}", "port") from problem
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    print(
        f"Fonte answers from {len(corpus.documents)} documents on {_address(server)}",
        file=sys.stderr,
        flush=True,
    )
    server.run()
    _flush(server, time.monotonic() + STOP_WITHIN / 5)


def _stop(number: int, frame: FrameType | None) -> None:
    """Leaves the server's loop; waitress then lets its workers finish what they have begun."""
    raise SystemExit(0)


def _flush(server: Any, deadline: float) -> None:
    """Sends what finished answers still have in their buffers."""
    while time.monotonic() < deadline and any(
        getattr(channel, "total_outbufs_len", 0) for channel in list(server._map.values())
    ):
        server.asyncore.loop(timeout=0.05, map=server._map, count=1)
    server.close()


def _address(server: Any) -> str:
    host, port = server.socket.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
