"""The five shipped texts and one in French, asked in a process that reads French too."""

import shutil
from pathlib import Path

import pytest

from qa import Answerer, load_corpus
from qa.settings import SHIPPED_CORPUS

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder in three languages."""
    folder = tmp_path_factory.mktemp("three") / "corpus"
    shutil.copytree(SHIPPED_CORPUS, folder)
    (folder / "fr").mkdir()
    shutil.copy(HERE / "french" / "neuropathie.txt", folder / "fr")
    added = (HERE / "french" / "sources.toml").read_text("utf-8").replace("neuropathie.txt", "fr/neuropathie.txt")
    with (folder / "sources.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + added)
    return folder


@pytest.fixture(scope="session")
def answerer(corpus_folder: Path) -> Answerer:
    return Answerer(load_corpus(corpus_folder))
