"""How many requests one client may send in a minute. What is kept of a client is a number and when it ends."""

import secrets
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil

from flask import Flask, request

from qa.settings import Settings
from web.errors import RefusedError

WINDOW = 60.0
_FREE = ("static", "docs_file", "api.health")
_MOST_CLIENTS = 100_000
_SLACK = 1e-6  # seconds: the last request of a window is not refused for a rounding
_PREFIX = 8  # bytes of an IPv6 address that are one client's: the rest a machine chooses as it likes


class Limiter:
    """At most `rate` requests in a window from one address, in whatever bursts.

    The generic cell rate algorithm: of each client one moment is kept, up to which its requests are paid for. It is
    kept under a keyed hash of the address, whose key only this object has, and forgotten when that moment is over:
    within a window of the client's last request.
    """

    def __init__(self, rate: int, window: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap, self._window, self._clock = window / rate, window, clock
        self._key = secrets.token_bytes(16)
        self._paid: dict[bytes, float] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def wait(self, address: str) -> float:
        """Seconds until this client may ask again; 0: it may, and the request is counted."""
        client = blake2b(_client(address), key=self._key, digest_size=16).digest()
        with self._lock:
            now = self._clock()
            paid = max(now, self._paid.get(client, now)) + self._gap
            if paid - now > self._window + _SLACK:
                return paid - now - self._window
            if len(self._paid) >= _MOST_CLIENTS and client not in self._paid:
                del self._paid[next(iter(self._paid))]  # the one that came first; an attack must not fill the memory
            self._paid[client] = paid
            if self._timer is None:
                self._set_timer()
        return 0.0

    def forget(self) -> None:
        """Drops the clients whose time is over."""
        with self._lock:
            now = self._clock()
            self._paid = {client: paid for client, paid in self._paid.items() if paid > now}
            self._timer = None
            if self._paid:
                self._set_timer()

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._paid)

    def _set_timer(self) -> None:
        self._timer = threading.Timer(self._window / 60, self.forget)  # with no request after it, too
        self._timer.daemon = True
        self._timer.start()


def register(app: Flask, settings: Settings) -> None:
    """Counts the requests of each client, where the settings have a limit."""
    if not settings.rate:
        return
    limiter = Limiter(settings.rate)
    proxies = [ip_network(part.strip(), strict=False) for part in settings.proxy.split(",") if part.strip()]

    def check() -> None:
        if request.endpoint in _FREE:
            return
        address = asking(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""), proxies)
        if wait := limiter.wait(address):
            raise RefusedError(429, headers=[("Retry-After", str(ceil(wait)))])

    app.before_request(check)


def asking(address: str, forwarded: str, proxies: list[IPv4Network | IPv6Network]) -> str:
    """The client's address: the one that a trusted proxy names last, else the connection's own."""
    try:
        if any(ip_address(address) in proxy for proxy in proxies):
            return str(ip_address(forwarded.rpartition(",")[2].strip()))
    except ValueError:
        pass
    return address


def _client(address: str) -> bytes:
    """What is one client: an IPv4 address, or the network that an IPv6 address lies in."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address.encode("utf-8", "replace")
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped.packed if parsed.ipv4_mapped else parsed.packed[:_PREFIX]
    return parsed.packed
