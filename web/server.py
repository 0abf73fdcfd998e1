"""The production server: waitress, which keeps no access log, with a clean stop on SIGTERM."""

import os
import signal
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]

from qa.answering.of_settings import open_answerer
from qa.cache import Cache, use
from qa.documents.watching import snapshot
from qa.errors import InputError
from qa.settings import Settings
from web.app import create_app
from web.connections import Connection, Workers
from web.reloading import Reloader, ready

THREADS = 8
FINISH_SECONDS = 3.0  # after a stop: for what is under way or waits for a worker
FLUSH_SECONDS = 1.0  # and then for what is left in buffers
MOST_CONNECTIONS = 1_000
_SPARE_FILES = 64  # of the system's limit: for texts, the cache and the program itself
_MOST_BODY = 1 << 18  # above this the connection is cut short; up to it the application's own 413 answers


def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT, and reads the corpus anew on SIGHUP; raises FonteError when it cannot start."""
    use(Cache(settings.cache))
    seen = snapshot(settings.corpus)
    answerer = ready(open_answerer(settings, lambda problem: print(f"qa: {problem}", file=sys.stderr)))
    app = create_app(answerer, settings)
    server = listen(app, settings)
    reloader = Reloader(app, settings, seen)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda number, frame: reloader.ask())
    reloader.start()
    print(
        f"Fonte answers from {len(answerer.corpus.documents)} documents on {address(server)}",
        file=sys.stderr,
        flush=True,
    )
    with suppress(SystemExit):
        wasyncore.loop(timeout=1, map=_sockets(server), use_poll=True)
    finish(server)
    sys.stderr.flush()
    os._exit(0)  # taking the dictionaries apart would take longer than all that; nothing else is open


def listen(app: Flask, settings: Settings) -> Any:
    """A waitress server that listens but does not yet answer; raises InputError when the address cannot be had."""
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            ident=None,
            connection_limit=_connections(),
            max_request_body_size=_MOST_BODY,
            inbuf_overflow=2 * _MOST_BODY,  # no question ever goes to a temporary file
            outbuf_overflow=1 << 40,  # and no answer, which may hold one
            channel_timeout=60,
            log_socket_errors=False,  # a reader who goes away is no fault
            clear_untrusted_proxy_headers=not settings.proxy,
            asyncore_use_poll=True,  # select ends at 1,024 files
            _dispatcher=Workers(THREADS, settings.queue),
        )
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "no such address"
        raise InputError(f"cannot listen on {settings.host}:{settings.port}: {reason}", "port") from problem
    for listener in _listeners(server):
        listener.channel_class = Connection
    return server


def address(server: Any) -> str:
    """Where a server of `listen` is reached."""
    single = isinstance(server, BaseWSGIServer)
    host, port = (server.effective_host, server.effective_port) if single else server.effective_listen[0]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def finish(server: Any) -> None:
    """Takes no more connections, answers what is in hand, sends it, and closes; in less than five seconds."""
    for listener in _listeners(server):
        wasyncore.dispatcher.close(listener)  # the socket alone: workers still need the rest of it
    server.task_dispatcher.shutdown(timeout=FINISH_SECONDS)
    sockets, deadline = _sockets(server), time.monotonic() + FLUSH_SECONDS
    while time.monotonic() < deadline and any(getattr(each, "total_outbufs_len", 0) for each in list(sockets.values())):
        wasyncore.loop(timeout=0.05, map=sockets, count=1)
    wasyncore.close_all(sockets)


def _connections() -> int:
    """How many connections are held at once: as many as the system's limit of open files has room for."""
    most = MOST_CONNECTIONS
    with suppress(ImportError, OSError, ValueError):
        import resource

        wanted = most + _SPARE_FILES
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            most = max(soft - _SPARE_FILES, soft // 2)
    return most


def _sockets(server: Any) -> dict[int, Any]:
    """Listeners and connections by file number; a host with two addresses has two listeners."""
    sockets: dict[int, Any] = server._map if isinstance(server, BaseWSGIServer) else server.map
    return sockets


def _listeners(server: Any) -> list[BaseWSGIServer]:
    return [each for each in _sockets(server).values() if isinstance(each, BaseWSGIServer)]


def _stop(number: int, frame: FrameType | None) -> None:
    """Leaves the server's loop."""
    raise SystemExit(0)
