"""A further language: nothing changes until it is chosen, and where it is, its own tests pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.documents.corpus import read_corpus
from qa.errors import InputError
from qa.further import further_codes, split_codes
from qa.language.registry import FOUND, LANGUAGES
from qa.settings import load_settings

ROOT = Path(__file__).parents[1]
SHARED_TESTS = (
    "evidence/test_cues.py",
    "evidence/test_alerts.py",
    "answering/test_smalltalk.py",
    "retrieval/test_facts.py",
)

pytestmark = pytest.mark.skipif(bool(further_codes()), reason="this process reads a further language itself")


def python(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_french_in_a_process_that_reads_it(tmp_path: Path) -> None:
    tests = ["tests/further", *(f"tests/{name}" for name in SHARED_TESTS), "-k", "further or alerts or smalltalk or fr"]
    done = python("-m", "pytest", "-p", "no:cacheprovider", *tests, QA_LANGUAGES="fr", QA_CACHE=str(tmp_path))
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-1_000:]
    assert " passed" in done.stdout


def test_there_is_data_of_it_but_it_is_not_read() -> None:
    assert "fr" in FOUND
    assert "fr" not in LANGUAGES
    assert {path.name for path in FOUND["fr"].folder.iterdir()} == {path.name for path in FOUND["en"].folder.iterdir()}


READ = "from qa.language.registry import LANGUAGES; print(*LANGUAGES)"


def test_a_variable_or_the_file_chooses_it(tmp_path: Path) -> None:
    assert python("-c", READ, QA_LANGUAGES="fr").stdout.split() == ["en", "fr", "it"]
    (tmp_path / "fonte.toml").write_text('languages = "fr"\n', "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "QA_LANGUAGES"}
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["en", "fr", "it"]
    assert python("-c", READ, cwd=tmp_path, QA_LANGUAGES="").stdout.split() == ["en", "it"]  # a variable beats the file


@pytest.mark.parametrize(
    ("named", "codes"), [("", ()), ("fr", ("fr",)), ("fr, de", ("fr", "de")), (" fr  fr,de ", ("fr", "de"))]
)
def test_codes(named: str, codes: tuple[str, ...]) -> None:
    assert split_codes(named) == codes


def test_a_language_without_data_cannot_be_chosen() -> None:
    with pytest.raises(InputError, match=r"languages = 'xx': .*no such language, there is data of en, fr, it"):
        load_settings(languages="xx")


def test_a_text_in_it_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Le magnésium calme les nerfs.", "utf-8")
    (tmp_path / "sources.toml").write_text('[[document]]\nfile = "a.txt"\nlanguage = "fr"\n', "utf-8")
    [problem] = [problem.message for problem in read_corpus(tmp_path).problems if problem.fatal]
    assert problem.endswith("language 'fr' is not one of en, it; the setting `languages = fr` adds it")


def test_the_caches_of_two_choices_are_apart() -> None:
    code = "from qa.cache import knowledge; print(knowledge())"
    assert python("-c", code, QA_LANGUAGES="").stdout != python("-c", code, QA_LANGUAGES="fr").stdout
