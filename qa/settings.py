"""Settings: one place, three sources. A flag beats a `QA_` variable, which beats `fonte.toml`, then the default."""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from qa.cache import standard_folder
from qa.errors import InputError
from qa.further import FILE, split_codes
from qa.language.registry import FOUND

PACKAGED_CORPUS = Path(__file__).parent / "corpus"
SHIPPED_CORPUS = PACKAGED_CORPUS if PACKAGED_CORPUS.is_dir() else Path(__file__).parents[1] / "corpus"


_OF_TESTS = "QA_TEST_"  # variables of the test suite, which set nothing here


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="QA_", toml_file=FILE, extra="forbid", frozen=True)

    corpus: Path = Field(SHIPPED_CORPUS, description="the corpus folder")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=0, le=65_535, description="port the server listens on; 0 takes a free one")
    token: SecretStr = Field(SecretStr(""), description="what every request must carry; empty: nobody is asked for it")
    rate: int = Field(0, ge=0, le=1_000_000, description="requests a client may send in a minute; 0: any number")
    proxy: str = Field(
        "", description="address or network of the proxy in front, whose X-Forwarded-For is believed; several by commas"
    )
    queue: int = Field(64, ge=0, le=100_000, description="requests that may wait for a worker; more get 503")
    reload: bool = Field(False, description="watch the corpus folder, and take what changes into use")
    engine: Literal["embedded", "opensearch"] = Field("embedded", description="the search engine")
    url: str = Field("http://127.0.0.1:9200", description="where OpenSearch answers; several apart by commas")
    index: str = Field("fonte", description="OpenSearch: the name of the index")
    user: str = Field("", description="OpenSearch: user name, where it asks for one")
    password: SecretStr = Field(SecretStr(""), description="OpenSearch: the user's password")
    certificates: Path | None = Field(None, description="OpenSearch: file of the authority that signed its certificate")
    timeout: float = Field(5.0, gt=0, le=600, description="OpenSearch: seconds a request may take")
    cache: Path | None = Field(
        default_factory=standard_folder, description="folder for what is slow to make; empty: nothing is kept"
    )
    languages: str = Field("", description="further languages to read, by their codes: fr")
    reranker: Literal["none", "semantic"] = Field("none", description="what reorders BM25's best passages")
    k1: float = Field(0.9, ge=0, le=10, description="BM25: how soon repeated terms stop counting")
    b: float = Field(0.75, ge=0, le=1, description="BM25: how much long passages are held back")

    @field_validator("cache", "certificates", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("url")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for part in value.split(","):
            address = urlsplit(part.strip() if "://" in part else f"http://{part.strip()}")
            if address.scheme not in ("http", "https") or not address.hostname:
                raise ValueError("an address is like https://one.example.org:9200; several apart by commas")
            _ = address.port  # raises ValueError where it is none
        return value

    @field_validator("languages")
    @classmethod
    def _there_is_data(cls, value: str) -> str:
        for code in split_codes(value):
            if code not in FOUND:
                raise ValueError(f"no such language, there is data of {', '.join(FOUND)}")
        return value

    @field_validator("proxy")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in filter(None, value.split(",")):
            ip_network(part.strip(), strict=False)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


_SECRET = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr}


def load_settings(**flags: Any) -> Settings:
    """The settings in force; raises InputError that names the wrong or unknown one and where it came from."""
    for name in os.environ:
        ours = name.startswith("QA_") and not name.startswith(_OF_TESTS)
        if ours and name[3:].lower() not in Settings.model_fields:
            raise InputError(f"environment variable {name}: no such setting, known are {_known()}", name)
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        unknown = first["type"] == "extra_forbidden"
        reason = f"no such setting, known are {_known()}" if unknown else first["msg"].lower()
        value = "" if name in _SECRET else f" = {first.get('input')!r}"
        raise InputError(f"{origin(name, flags)}: {name}{value}: {reason}", name) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{FILE}: {problem}") from problem


def origin(name: str, flags: Mapping[str, object] | None = None) -> str:
    """Where the value of a setting comes from: `flag --port`, `QA_PORT`, `fonte.toml` or `default`."""
    if (flags or {}).get(name) is not None:
        return f"flag --{name}"
    variable = next((each for each in os.environ if each.lower() == f"qa_{name}"), None)
    if variable is not None:
        return variable
    return FILE if Path(FILE).is_file() and name in tomllib.loads(Path(FILE).read_text("utf-8")) else "default"


def _known() -> str:
    return ", ".join(Settings.model_fields)
