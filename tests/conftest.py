"""Markers of the whole test suite."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """`--strict-markers` takes only what is named here."""
    config.addinivalue_line("markers", "browser: needs a real Chromium; skipped, with the reason, where there is none")
