"""How many requests a client may send: counted apart, refused in the documented way, and forgotten."""

import gc
import time
from ipaddress import ip_network

import pytest

from qa.answering.answerer import Answerer
from qa.errors import InputError
from qa.settings import load_settings
from tests.web.zinc import BROWSER
from web.app import create_app
from web.limits import Limiter, asking


class Clock:
    """A clock that stands until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("rate", [1, 2, 3, 7, 60, 1_000])
def test_as_many_as_the_rate_in_any_minute(rate: int) -> None:
    clock = Clock()
    limiter = Limiter(rate, clock=clock)
    for _ in range(3):
        waits = [limiter.wait("192.0.2.1") for _ in range(rate + 1)]
        assert waits[:rate] == [0.0] * rate
        assert waits[rate] == pytest.approx(60 / rate)
        assert limiter.wait("192.0.2.2") == 0.0
        clock.now += 60


def test_who_waits_as_told_is_let_in() -> None:
    clock = Clock()
    limiter = Limiter(2, clock=clock)
    assert [limiter.wait("192.0.2.1") for _ in range(2)] == [0.0, 0.0]
    clock.now += limiter.wait("192.0.2.1")
    assert limiter.wait("192.0.2.1") == 0.0
    assert limiter.wait("192.0.2.1") > 0


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
        ("unix", "192.0.2.1", False),
    ],
)
def test_what_is_one_client(first: str, second: str, one: bool) -> None:
    limiter = Limiter(1, clock=Clock())
    assert limiter.wait(first) == 0.0
    assert (limiter.wait(second) > 0) is one


def test_no_address_is_kept_and_nothing_longer_than_the_window() -> None:
    clock = Clock()
    limiter = Limiter(30, clock=clock)
    for number in range(1, 31):
        limiter.wait("192.0.2.77")
        limiter.wait(f"198.51.100.{number}")
    assert len(limiter) == 31
    kept = [held for held in gc.get_referents(*gc.get_referents(limiter), vars(limiter)) if isinstance(held, dict)]
    assert "192.0.2" not in repr(kept) and bytes([192, 0, 2, 77]) not in repr(kept).encode()
    clock.now += 59.9
    limiter.forget()
    assert len(limiter) == 1  # the one that used its minute up
    clock.now += 0.1
    limiter.forget()
    assert len(limiter) == 0


def test_it_forgets_without_another_request() -> None:
    limiter = Limiter(5, window=0.2)
    limiter.wait("192.0.2.1")
    until = time.monotonic() + 30
    while len(limiter) and time.monotonic() < until:
        time.sleep(0.01)
    assert len(limiter) == 0


PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]


@pytest.mark.parametrize(
    ("address", "forwarded", "client"),
    [
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.1.2.3", "203.0.113.9, 192.0.2.1", "192.0.2.1"),  # what stands before it the client may have made up
        ("192.0.2.9", "192.0.2.1", "192.0.2.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1, unknown", "127.0.0.1"),
        ("", "192.0.2.1", ""),
    ],
)
def test_whom_a_proxy_names(address: str, forwarded: str, client: str) -> None:
    assert asking(address, forwarded, PROXIES) == client
    assert asking(address, forwarded, []) == address


def test_too_many_are_refused_and_told_when_to_come_again(shipped: Answerer) -> None:
    with create_app(shipped, load_settings(rate=2)).test_client() as client:
        statuses = [client.post("/ask", json={"question": "magnesio"}).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        reply = client.get("/documents", headers={"Accept": "application/json"})
        assert reply.get_json()["error"]["code"] == "too_many"
        assert 1 <= int(reply.headers["Retry-After"]) <= 30
        assert client.get("/healthz").status_code == 200
        page = client.post("/ask", data={"question": "magnesio"}, headers=BROWSER)
        assert page.status_code == 429
        assert "Too many requests" in page.text and "magnesio</textarea>" in page.text
        with client.get("/static/fonte.css") as style:
            assert style.status_code == 200


def test_each_client_of_a_proxy_is_counted_apart(shipped: Answerer) -> None:
    with create_app(shipped, load_settings(rate=1, proxy="127.0.0.1")).test_client() as client:
        for forwarded, status in (("192.0.2.1", 200), ("192.0.2.1", 429), ("192.0.2.2", 200)):
            assert client.get("/check", headers={"X-Forwarded-For": forwarded}).status_code == status


def test_there_is_no_limit_by_default(shipped: Answerer) -> None:
    with create_app(shipped, load_settings()).test_client() as client:
        assert {client.get("/check").status_code for _ in range(100)} == {200}


@pytest.mark.parametrize("proxy", ["proxy.example", "127.0.0.1,", "300.1.1.1"])
def test_a_proxy_is_an_address_or_a_network(proxy: str) -> None:
    if proxy.endswith(","):
        assert load_settings(proxy=proxy).proxy == proxy
        return
    with pytest.raises(InputError, match="proxy"):
        load_settings(proxy=proxy)
