"""The embedded engine, with and without compiled loops."""

import importlib.util

import pytest

from qa.retrieval.embedded import EmbeddedEngine
from tests.conformance.suite import Conformance


class TestPlain(Conformance):
    """Numpy alone."""

    @pytest.fixture
    def engine(self) -> EmbeddedEngine:
        return EmbeddedEngine(compiled=False)


@pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="numba is not installed")
class TestCompiled(Conformance):
    """The extra `[fast]`."""

    @pytest.fixture
    def engine(self) -> EmbeddedEngine:
        return EmbeddedEngine(compiled=True)
