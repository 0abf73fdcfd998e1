"""Markers of the whole test suite, and how hypothesis runs in it."""

import os
from pathlib import Path

import hypothesis
import pytest

from qa.further import further_codes

# Tests of a language that is read only where it is chosen; `test_further.py` runs them in a process that chooses it.
collect_ignore = [] if "fr" in further_codes() else ["further"]

# The same examples every time, and no clock: a busy machine is no fault in the code.
hypothesis.settings.register_profile("fonte", deadline=None, derandomize=True)
hypothesis.settings.load_profile("fonte")


def pytest_configure(config: pytest.Config) -> None:
    """`--strict-markers` takes only what is named here."""
    config.addinivalue_line("markers", "browser: needs a real Chromium; skipped, with the reason, where there is none")


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no QA_ variable but what a test sets."""
    for name in [name for name in os.environ if name.upper().startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
