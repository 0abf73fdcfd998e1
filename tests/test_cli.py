"""The command line: help, exit statuses, what goes to standard output and what to standard error."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qa.answering import of_settings
from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json, assessment_json
from qa.cli import main
from qa.documents.corpus import load_corpus
from qa.errors import EngineError
from qa.evidence.assessment import assess
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.stored import Stored
from qa.settings import SHIPPED_CORPUS

QUESTION = "Il magnesio aiuta contro la sciatica?"
ADVERT = "Buy now and save 20%: our drops relieve pain in 7 days!"
TEXT = "Lo zinco accorcia il raffreddore di un giorno, ha visto uno studio su 60 donne.\n"


pytestmark = pytest.mark.usefixtures("working_folder")


def run(*arguments: str, input: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=input, catch_exceptions=False)


def refused(result: Result, *said: str) -> bool:
    """Exit status 2, the reason on standard error, nothing on standard output, no traceback."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert [each for each in said if each not in result.stderr] == []
    return True


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_teaches_by_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert f"Usage: main {command}" in result.stdout
    assert f"qa {command}" in result.stdout  # an example


def test_the_help_names_every_command() -> None:
    for flag in ("--help", "-h"):
        result = run(flag)
        assert result.exit_code == 0
        assert [name for name in main.commands if name not in result.stdout] == []
    assert {"serve", "ask", "assess", "evaluate", "compare", "check"} <= set(main.commands)


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, "qa, version 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", ""], "question is empty"),
        (["ask", "   "], "question is empty"),
        (["ask", "a" * 1_001], "question has 1,001 characters"),
        (["ask", "--limit", "0", QUESTION], "0 is not in the range 1<=x<=10"),
        (["ask", "--limit", "11", QUESTION], "11 is not in the range"),
        (["ask", "--limit", "three", QUESTION], "'three' is not a valid integer"),
        (["ask", "--language", "fr", QUESTION], "'fr' is not one of"),
        (["ask", "--corpus", "nowhere", QUESTION], "nowhere: no such folder"),
        (["ask", "--nonsense", QUESTION], "No such option"),
        (["assess", "nowhere.txt"], "nowhere.txt"),
        (["assess", "--language", "fr", "-"], "'fr' is not one of"),
        (["serve", "--port", "many"], "'many' is not a valid integer"),
        (["serve", "--port", "70000"], "70000"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str) -> None:
    assert refused(run(*arguments), said)


def test_a_wrong_variable_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "many")
    assert refused(run("ask", QUESTION), "many")


# ask


def test_ask_in_json_is_the_body_of_ask() -> None:
    result = run("ask", "--json", "--limit", "2", QUESTION)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == answer_json(Answerer(load_corpus(SHIPPED_CORPUS)).ask(QUESTION, limit=2))
    assert "perché" in result.stdout or "à" in result.stdout  # letters as they are, no escapes


def test_ask_writes_caveats_before_the_passage_and_the_source_after() -> None:
    result = run("ask", "--limit", "1", "Is kratom addictive?")
    body = json.loads(run("ask", "--json", "--limit", "1", "Is kratom addictive?").stdout)
    (passage,) = body["passages"]
    order = [
        body["message"],
        *(c["title"] for c in passage["caveats"]),
        passage["text"],
        passage["source"]["file"],
        body["notice"],
    ]
    places = [result.stdout.index(each) for each in order]
    assert places == sorted(places)
    assert result.exit_code == 0


def test_ask_says_when_it_does_not_know_and_ends_well() -> None:
    result = run("ask", "What is the capital of Peru?")
    assert result.exit_code == 0
    assert result.stdout.startswith("I could not find this in the corpus.")


def test_ask_shows_an_alert_first() -> None:
    assert run("ask", "I took 20 pills and can't breathe").stdout.startswith("! If someone has trouble breathing")


def test_ask_in_a_language_asked_for() -> None:
    assert "Non è un consiglio medico." in run("ask", "--language", "it", "Is kratom addictive?").stdout


def test_ask_over_a_folder_of_ones_own(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "texts").mkdir()
    (working_folder / "texts" / "zinco.txt").write_text(TEXT, "utf-8")
    (working_folder / "texts" / "broken.txt").write_bytes(b"\x00")
    result = run("ask", "--json", "--corpus", "texts", "Lo zinco accorcia il raffreddore?")
    assert result.exit_code == 0
    assert [p["id"] for p in json.loads(result.stdout)["passages"]] == ["zinco#1"]
    assert "broken.txt: a binary file" in result.stderr  # left out, and said
    monkeypatch.setenv("QA_CORPUS", "texts")
    assert json.loads(run("ask", "--json", "Lo zinco accorcia il raffreddore?").stdout) == json.loads(result.stdout)


def test_ask_over_a_beir_folder(working_folder: Path) -> None:
    (working_folder / "corpus.jsonl").write_text(json.dumps({"_id": "z", "text": TEXT}) + "\n", "utf-8")
    body = json.loads(run("ask", "--json", "--corpus", ".", "Lo zinco accorcia il raffreddore?").stdout)
    assert [passage["id"] for passage in body["passages"]] == ["z"]


# assess


def labels(text: str, language: str | None = None) -> dict[str, Any]:
    return assessment_json(text, assess(text, language))


def test_assess_from_a_file_and_from_standard_input(working_folder: Path) -> None:
    (working_folder / "page.txt").write_text(ADVERT, "utf-8")
    results = [
        run("assess", "--json", "page.txt"),
        run("assess", "--json", input=ADVERT),
        run("assess", "--json", "-", input=ADVERT),
    ]
    assert [json.loads(result.stdout) for result in results] == [labels(ADVERT)] * 3
    assert [(result.exit_code, result.stderr) for result in results] == [(0, "")] * 3


def test_assess_in_words() -> None:
    result = run("assess", input=ADVERT)
    assert result.exit_code == 0
    assert "promotional: sell" in result.stdout
    assert "Promotional text." in result.stdout
    assert "“Buy now”" in result.stdout or "“Buy” " in result.stdout or "Buy now" in result.stdout
    assert result.stdout.rstrip().endswith("Set automatically; it can be wrong.")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "There is nothing to read in this text."), ("Помогает ли магний при боли?", "none of the languages I know")],
)
def test_assess_of_what_cannot_be_read(text: str, said: str) -> None:
    result = run("assess", input=text)
    assert result.exit_code == 0
    assert said in result.stdout


def test_assess_of_many_lines(working_folder: Path) -> None:
    rows = [{"id": 7, "text": ADVERT}, {"text": TEXT, "language": "it"}, {"text": ""}]
    (working_folder / "rows.jsonl").write_text("\n\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    result = run("assess", "--jsonl", "rows.jsonl")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines == [{"id": 7} | labels(ADVERT), labels(TEXT, "it"), labels("")]


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (b'{"text": "a"}\nnonsense\n', ["--jsonl"], "page:2: not JSON"),
        (b'{"txt": "a"}\n', ["--jsonl"], "page:1: field 'text' is missing or no text"),
        (b'{"text": 3}\n', ["--jsonl"], "page:1: field 'text' is missing or no text"),
        (b"[1]\n", ["--jsonl"], "page:1: field 'text' is missing or no text"),
        ("perché".encode("latin-1"), [], "page: not UTF-8"),
        ("perché".encode("latin-1"), ["--jsonl"], "page: not UTF-8"),
    ],
)
def test_assess_of_bad_files(working_folder: Path, content: bytes, arguments: list[str], said: str) -> None:
    (working_folder / "page").write_bytes(content)
    result = run("assess", *arguments, "page")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


# check


def test_check_of_the_shipped_texts() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 5
    assert "5 documents, 0 problems" in result.stderr


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, []),
        ({"a.txt": b"\x00"}, ["a.txt: a binary file"]),
        ({"a.txt": TEXT.encode(), "b.txt": "è".encode("latin-1")}, ["b.txt: not UTF-8", "line 1"]),
        (
            {"a.txt": TEXT.encode(), "sources.toml": b'[[document]]\nfile = "a.txt"\nlanguage = "xx"\n'},
            ["language 'xx'"],
        ),
        ({"a.txt": TEXT.encode(), "sources.toml": b"[["}, ["sources.toml: "]),
        ({"a.txt": TEXT.encode(), "a.md": TEXT.encode()}, ["same document id 'a'"]),
        ({"corpus.jsonl": b"nonsense\n"}, ["corpus.jsonl:1: "]),
    ],
)
def test_check_says_what_is_wrong(working_folder: Path, files: dict[str, bytes], said: list[str]) -> None:
    (working_folder / "texts").mkdir()
    for name, content in files.items():
        (working_folder / "texts" / name).write_bytes(content)
    result = run("check", "--corpus", "texts")
    assert result.exit_code == 1
    assert [each for each in said if each not in result.stdout] == []


def test_check_of_a_folder_that_is_not_there() -> None:
    result = run("check", "--corpus", "nowhere")
    assert result.exit_code in (1, 2)
    assert "nowhere: no such folder" in result.output


# an engine whose index holds the texts

ANSWERING = (["ask", QUESTION], ["serve", "--port", "0"], ["mcp"])


class Away(EmbeddedEngine):
    """An engine that holds the texts itself; whoever asks for them is told."""

    def stored(self) -> Stored:
        raise EngineError("its index was asked for")

    def replaced(self) -> bool:
        return False


@pytest.mark.parametrize("command", ANSWERING, ids=lambda command: command[0])
def test_a_folder_that_would_not_be_read_is_refused(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENGINE", "opensearch")
    do_instead = "qa index --engine opensearch --corpus 'my texts'"
    assert refused(run(*command, "--corpus", "my texts"), "--corpus = 'my texts'", "reads no folder", do_instead)


def test_so_it_is_with_the_engine_by_flag_or_file() -> None:
    assert refused(run("serve", "--engine", "opensearch", "--corpus", "texts"), "flag --corpus = 'texts'")
    Path("fonte.toml").write_text('engine = "opensearch"\n', "utf-8")
    assert refused(run("ask", "--corpus", "texts", QUESTION), "flag --corpus = 'texts'")
    assert refused(run("serve", "--engine", "embedded", "--corpus", "nowhere"), "nowhere: no such folder")


@pytest.mark.parametrize("command", ANSWERING, ids=lambda command: command[0])
def test_a_folder_that_is_set_for_all_commands_is_no_fault(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_settings, "engine_of", lambda settings: Away())
    monkeypatch.setenv("QA_CORPUS", "nowhere")
    result = run(*command)
    assert refused(result)
    assert result.stderr == "qa: its index was asked for\n"


@pytest.mark.parametrize("command", [["index"], ["evaluate"], ["questions"], ["check"]], ids=lambda each: each[0])
def test_who_reads_the_folder_with_every_engine_takes_it(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENGINE", "opensearch")
    result = run(*command, "--corpus", "nowhere")
    assert result.exit_code in (1, 2)
    assert "nowhere: no such folder" in result.output
