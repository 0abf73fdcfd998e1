"""`qa settings`, and what wrong settings are told."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from qa.settings import Settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["settings", *arguments])


def test_each_value_tells_where_it_came_from(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "fonte.toml").write_text('port = 9000\nb = 0.5\ncorpus = "i miei testi"\n', "utf-8")
    monkeypatch.setenv("QA_PORT", "9001")
    shown = json.loads(run("--json").stdout)
    assert set(shown) == set(Settings.model_fields)
    assert shown["port"] == {"value": 9001, "origin": "QA_PORT"}
    assert shown["b"] == {"value": 0.5, "origin": "fonte.toml"}
    assert shown["corpus"] == {"value": "i miei testi", "origin": "fonte.toml"}
    assert shown["host"] == {"value": "127.0.0.1", "origin": "default"}


def test_what_is_printed_is_a_file_that_sets_the_same(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_HOST", "0.0.0.0")
    monkeypatch.setenv("QA_K1", "1.5")
    monkeypatch.setenv("QA_CACHE", "")
    printed = run().stdout
    assert f"# {working_folder / 'fonte.toml'}: not there" in printed
    assert tomllib.loads(printed) == {"host": "0.0.0.0", "k1": 1.5, "cache": ""}
    for name in ("QA_HOST", "QA_K1", "QA_CACHE"):
        monkeypatch.delenv(name)
    (working_folder / "fonte.toml").write_text(printed, "utf-8")
    assert tomllib.loads(run().stdout) == {"host": "0.0.0.0", "k1": 1.5, "cache": ""}


def test_a_password_is_never_shown(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PASSWORD", "sesame")
    monkeypatch.setenv("QA_TOKEN", "sesame")
    for result in (run(), run("--json")):
        assert "sesame" not in result.output
        assert result.output.count("(set, not shown)") == 2


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("QA_PROT", "9000", "environment variable QA_PROT: no such setting, known are corpus, host, port"),
        ("QA_PORT", "many", "QA_PORT: port = 'many': input should be a valid integer"),
        ("qa_port", "70000", "qa_port: port = '70000': input should be less than or equal to 65535"),
        ("QA_ENGINE", "magic", "QA_ENGINE: engine = 'magic': input should be 'embedded' or 'opensearch'"),
    ],
)
def test_a_wrong_variable_is_named(
    working_folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable, value)
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"qa: {told}" in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"prot = 9000", "fonte.toml: prot = 9000: no such setting, known are corpus, host, port"),
        (b'port = "many"', "fonte.toml: port = 'many': input should be a valid integer"),
        (b"[server]\nport = 9000", "fonte.toml: server = {'port': 9000}: no such setting"),
        (b"port 9000", "fonte.toml: Expected '=' after a key"),
        (b"host = '\xe0'", "fonte.toml: 'utf-8' codec can't decode"),
    ],
)
def test_a_wrong_file_is_named(working_folder: Path, content: bytes, told: str) -> None:
    (working_folder / "fonte.toml").write_bytes(content)
    for command in ("settings", "check"):
        result = CliRunner().invoke(main, [command])
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"qa: {told}" in result.stderr


def test_a_wrong_flag_is_named(working_folder: Path) -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "70000"])
    assert result.exit_code == 2
    assert "flag --port: port = 70000: input should be less than" in result.stderr


def test_variables_of_the_test_suite_set_nothing(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_TEST_CHROMIUM", "/usr/bin/chromium")
    assert run().exit_code == 0
