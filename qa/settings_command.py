"""`qa settings`: what is set, in the form of fonte.toml, and where each value came from."""

import json
from pathlib import Path
from typing import Any

import click
from pydantic import SecretStr

from qa.further import FILE
from qa.settings import Settings, load_settings, origin


@click.command("settings")
@click.option("--json", "as_json", is_flag=True, help="Print value and origin of each setting as JSON.")
def settings_command(as_json: bool) -> None:
    """Print every setting with its value and where it came from: a QA_ variable, fonte.toml, or the default.

    What is printed has the form of fonte.toml; lines of defaults are comments. A flag of another command beats all.

    \b
    qa settings
    QA_PORT=9000 qa settings
    """
    settings = load_settings()
    shown = {name: (_plain(getattr(settings, name)), origin(name)) for name in Settings.model_fields}
    if as_json:
        body = {name: {"value": value, "origin": source} for name, (value, source) in shown.items()}
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    file = Path(FILE).absolute()
    click.echo(f"# {file}: {'read' if file.is_file() else 'not there'}")
    for name, (value, source) in shown.items():
        description = Settings.model_fields[name].description
        lead = "# " if source == "default" else ""
        click.echo(f"\n# {description}. From: {source}\n{lead}{name} = {json.dumps(value, ensure_ascii=False)}")


def _plain(value: Any) -> str | int | float | bool:
    """The value as TOML has it; a secret is not shown."""
    if isinstance(value, SecretStr):
        return "(set, not shown)" if value.get_secret_value() else ""
    if isinstance(value, bool | int | float):
        return value
    return "" if value is None else str(value)
