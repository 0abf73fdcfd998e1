"""Settings: a flag beats a variable, which beats the file, which beats the default; wrong ones are named."""

from pathlib import Path

import pytest

from qa.errors import InputError
from qa.settings import SHIPPED_CORPUS, Settings, load_settings

pytestmark = pytest.mark.usefixtures("working_folder")


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.engine, settings.reranker) == ("127.0.0.1", 8000, "embedded", "none")
    assert settings.corpus == SHIPPED_CORPUS
    assert (SHIPPED_CORPUS / "sources.toml").is_file()


def test_each_source_beats_the_one_before(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "fonte.toml").write_text("port = 9001\nk1 = 1.2\n", "utf-8")
    assert load_settings().port == 9001
    monkeypatch.setenv("QA_PORT", "9002")
    assert load_settings().port == 9002
    assert load_settings(port=9003).port == 9003
    assert load_settings(port=None).port == 9002  # a flag that was not given says nothing
    assert load_settings(port=0).port == 0
    assert load_settings().k1 == 1.2


@pytest.mark.parametrize(
    ("flags", "field", "value"),
    [
        ({"port": 65_536}, "port", "65536"),
        ({"port": -1}, "port", "-1"),
        ({"port": "http"}, "port", "'http'"),
        ({"engine": "lucene"}, "engine", "'lucene'"),
        ({"reranker": "yes"}, "reranker", "'yes'"),
        ({"b": 1.5}, "b", "1.5"),
        ({"k1": -1}, "k1", "-1"),
        ({"colour": "red"}, "colour", "'red'"),
        ({"url": ""}, "url", "''"),
        ({"url": "http://one:9200,"}, "url", "'http://one:9200,'"),
        ({"url": "http://one:port"}, "url", "'http://one:port'"),
        ({"url": "ftp://one"}, "url", "'ftp://one'"),
        ({"url": "https://one:99999"}, "url", "'https://one:99999'"),
        ({"url": "https://"}, "url", "'https://'"),
    ],
)
def test_wrong_flags_are_named_with_their_value(flags: dict[str, object], field: str, value: str) -> None:
    with pytest.raises(InputError) as problem:
        load_settings(**flags)
    assert problem.value.field == field
    assert field in str(problem.value)
    assert value in str(problem.value)


@pytest.mark.parametrize("url", ["search:9200", "https://one/search, https://[::1]:9200", "http://127.0.0.1:9200"])
def test_addresses_of_a_cluster(url: str) -> None:
    assert load_settings(url=url).url == url


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "many")
    with pytest.raises(InputError, match="'many'") as problem:
        load_settings()
    assert "port" in str(problem.value).lower()


def test_an_unknown_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PROT", "9000")
    with pytest.raises(InputError, match="QA_PROT"):
        load_settings()


@pytest.mark.parametrize("content", ["port = \n", "prot = 9000\n", 'port = "many"\n'])
def test_a_wrong_file_is_told(working_folder: Path, content: str) -> None:
    (working_folder / "fonte.toml").write_text(content, "utf-8")
    with pytest.raises(InputError):
        load_settings()


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
