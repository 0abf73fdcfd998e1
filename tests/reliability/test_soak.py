"""The soak for a few seconds: many connections, idle and slow ones among them, and every reply the one given alone."""

import sys

import pytest

from tests.reliability import soak


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_many_at_once_get_what_one_alone_gets() -> None:
    figures = soak.run(connections=32, idle=100, slow=4, seconds=20, requests=600)
    assert figures["requests"] >= 32
    assert figures["refused (4xx)"] != 0
    assert {name: figures[name] for name in ("5xx", "requests without a reply", "server's lines")} == {
        "5xx": 0,
        "requests without a reply": 0,
        "server's lines": 0,
    }
    assert figures["replies that differ from the one given alone"] == 0
