"""The answerer over the five texts, opened once."""

import pytest

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))
