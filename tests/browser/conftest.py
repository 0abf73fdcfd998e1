"""What the browser tests share: Debian's Chromium, and real servers on free ports.

The browser is the one that `QA_TEST_CHROMIUM` names, else the first `chromium` on the path; without one the tests
are skipped and say so.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.browser.visit import Site
from tests.web.zinc import LabelledByHand, write_corpus


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test: `-m "not browser"` leaves it out."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The browser's path, None where there is none."""
    named = os.environ.get("QA_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = chromium()
    if path is None:
        pytest.skip("no browser: install chromium, or name one in QA_TEST_CHROMIUM")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": path, "args": quiet}


@pytest.fixture(scope="session")
def shipped_site() -> Iterator[Site]:
    """The five texts."""
    site = Site(Answerer(load_corpus(SHIPPED_CORPUS)))
    yield site
    site.close()


@pytest.fixture(scope="session")
def zinc_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small corpus with labels set by hand."""
    site = Site(LabelledByHand(load_corpus(write_corpus(tmp_path_factory.mktemp("zinc") / "corpus"))))
    yield site
    site.close()
