"""For the tests of `qa import`: what is imported, the command, and what it must leave behind."""

import tomllib
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from qa.cli import main
from qa.documents.corpus import Corpus
from qa.documents.passages import split

ENGLISH = (
    "Neuropathic pain follows damage to the nerves, and the people who have it tell of burning and of stabbing. "
    "In a trial of sixty women, stretching the calf before sleep made the cramps of the night less frequent."
)
ITALIAN = (
    "Il dolore neuropatico nasce da una lesione dei nervi, e chi ne soffre parla di bruciore e di fitte. "
    "In uno studio su sessanta donne gli esercizi per il polpaccio hanno ridotto i crampi della notte."
)
GERMAN = "Der Schmerz kommt von den Nerven, und die Menschen sprechen von einem Brennen, das in der Nacht wiederkommt."
PAGE = """<html lang="en"><head><title>Cramps at night | Health Site</title><meta charset="{charset}">
<meta name="author" content="José Núñez"><meta property="article:published_time" content="2021-05-03T10:00:00Z">
<meta property="og:title" content="Cramps at night"><link rel="canonical" href="https://example.org/cramps"></head>
<body><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><article><h1>Cramps at night</h1><p>{text}</p>
<h2>What was tried</h2><p>{more}</p></article><footer>Cookies</footer></body></html>"""
MORE = (
    "Magnesium was tried in four studies of older people and changed little; the calf that is stretched before sleep "
    "cramps less often, which a study of eighty people over six weeks showed as well, at no cost and without any drug."
)


def run(*arguments: object) -> Result:
    """`qa import` with these arguments."""
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The tables of sources.toml by file."""
    return {row["file"]: row for row in tomllib.loads((folder / "sources.toml").read_text("utf-8"))["document"]}


def exact(corpus: Corpus) -> bool:
    """Every passage is a slice of the file as it is stored."""
    for document in corpus.documents:
        stored = (corpus.path / document.file).read_bytes().decode("utf-8")
        passages = split(document)
        if not passages or any(stored[each.start : each.end] != each.text for each in passages):
            return False
    return bool(corpus.documents)
