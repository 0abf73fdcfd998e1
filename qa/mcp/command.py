"""`qa mcp`: the texts for chat clients that speak the Model Context Protocol, as a process on stdio."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import click

from qa.answering.answerer import Answerer
from qa.answering.of_settings import answering_settings
from qa.errors import InputError
from qa.settings import Settings

Opener = Callable[[Settings], Answerer]


def register(group: click.Group, open_answerer: Opener) -> None:
    """Adds the command to a command line; it opens its answerer through `open_answerer`."""
    mcp_command.context_settings["obj"] = open_answerer
    group.add_command(mcp_command)


@click.command("mcp")
@click.option("--corpus", type=click.Path(path_type=Path), help="Corpus folder; default: the five texts shipped.")
@click.pass_obj
def mcp_command(open_answerer: Opener, corpus: Path | None) -> None:
    """Serve the texts to a chat client: tools ask, assess, search, fetch, and every document as a resource.

    A client starts this command itself and speaks to it on standard input and output. Needs the extra: pip install
    'fonte[mcp]'.

    \b
    qa mcp
    qa mcp --corpus my-texts
    """
    if find_spec("mcp") is None or find_spec("mcp_types") is None:
        raise InputError("`qa mcp` needs the package mcp, version 2 or later: pip install 'fonte[mcp]'")
    answerer = open_answerer(answering_settings(corpus=corpus))
    from qa.mcp.server import serve  # here, for it takes a second, and may not be installed

    serve(answerer)
