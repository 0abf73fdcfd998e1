"""Fixtures of the tests of documents."""

from pathlib import Path

import pytest


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A folder for what is to be imported."""
    (tmp_path / "box").mkdir()
    return tmp_path / "box"
