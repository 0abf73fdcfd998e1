"""What the web tests share: applications over the shipped texts, and over the small corpus about zinc."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS, load_settings
from tests.web.zinc import LabelledByHand, write_corpus
from web.app import create_app


@pytest.fixture(scope="session")
def shipped() -> Answerer:
    """The answerer over the five texts."""
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture(scope="session")
def zinc(tmp_path_factory: pytest.TempPathFactory) -> LabelledByHand:
    """The answerer over the small corpus."""
    return LabelledByHand(load_corpus(write_corpus(tmp_path_factory.mktemp("zinc") / "corpus")))


@pytest.fixture
def client(shipped: Answerer) -> Iterator[FlaskClient]:
    """A client of the application over the five texts."""
    with create_app(shipped, load_settings()).test_client() as client:
        yield client


@pytest.fixture
def zinc_client(zinc: LabelledByHand) -> Iterator[FlaskClient]:
    """A client of the application over the small corpus."""
    with create_app(zinc, load_settings()).test_client() as client:
        yield client
