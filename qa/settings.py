"""Settings: one place, three sources. A flag beats a `QA_` variable, which beats `fonte.toml`, which beats the default."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from qa.cache import standard_folder
from qa.errors import InputError

PACKAGED_CORPUS = Path(__file__).parent / "corpus"
SHIPPED_CORPUS = PACKAGED_CORPUS if PACKAGED_CORPUS.is_dir() else Path(__file__).parents[1] / "corpus"


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="QA_", toml_file="fonte.toml", extra="forbid", frozen=True)

    corpus: Path = Field(SHIPPED_CORPUS, description="the corpus folder")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=0, le=65_535, description="port the server listens on; 0 takes a free one")
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
    reranker: Literal["none", "semantic"] = Field("none", description="what reorders BM25's best passages")
    k1: float = Field(0.9, ge=0, le=10, description="BM25: how soon repeated terms stop counting")
    b: float = Field(0.75, ge=0, le=1, description="BM25: how much long passages are held back")

    @field_validator("cache", "certificates", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

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


def load_settings(**flags: Any) -> Settings:
    """The settings in force; raises InputError that names the wrong or unknown one and where it came from."""
    for name in os.environ:
        if name.startswith("QA_") and name[3:].lower() not in Settings.model_fields:
            raise InputError(f"environment variable {name}: no such setting, known are {_known()}", name)
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        reason = "no such setting" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise InputError(f"setting {name} = {first.get('input')!r}: {reason}; known are {_known()}", name) from problem


def _known() -> str:
    return ", ".join(Settings.model_fields)
