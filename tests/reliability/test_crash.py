"""The crashes, one or two of a kind: killed, stopped, no room; what is read next is right. `make crash` does many."""

import sys
from pathlib import Path

import pytest

from tests.reliability.crash import Crash

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


@pytest.fixture
def crash(tmp_path: Path) -> Crash:
    return Crash(tmp_path, seed=7, documents=4, stop_seconds=60)  # how long a stop takes is for a quiet machine


def test_a_cache_writer_that_is_killed_leaves_whole_parts(crash: Crash) -> None:
    crash.writing(3)
    assert (crash.found["kills while writing a cache"], crash.found["checked"]) == (3, 13)
    assert crash.found["wrong"] == 0


def test_indexing_that_is_killed_spoils_no_answer(crash: Crash) -> None:
    crash.indexing(1)
    assert crash.found["checked"] == 2
    assert crash.found["wrong"] == 0


def test_without_room_for_a_cache_it_answers_from_memory_and_says_so(crash: Crash) -> None:
    crash.full()
    assert crash.found["checked"] == 3
    assert crash.found["wrong"] == 0


def test_a_stop_answers_what_is_in_hand(crash: Crash) -> None:
    crash.stopping(1)
    assert crash.found["checked"] == 26
    assert crash.found["  questions answered"] > 0
    assert crash.found["wrong"] == 0
