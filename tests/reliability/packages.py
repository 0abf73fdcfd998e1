"""`make packages`: every package that Fonte needs at run time, with its licence, its size and what loading it costs.

A licence is taken from the package's own metadata. Apache-2.0 may be combined with all those of `COMPATIBLE`; a package
under another one fails the test.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.reliability.running import ROOT

COMPATIBLE = ("MIT", "BSD", "Apache", "ISC", "PSF", "Python", "MPL", "Zope", "ZPL", "Unlicense", "CC0", "0BSD", "Zlib")
_BUILDING = {"via", "-r build-requirements.in", "hatchling"}
LOADED = {
    "apiflask": "apiflask", "click": "click", "flask": "flask", "flask-swagger-ui": "flask_swagger_ui",
    "ir-measures": "ir_measures", "nltk": "nltk", "numpy": "numpy", "pydantic": "pydantic",
    "pydantic-settings": "pydantic_settings", "pypdf": "pypdf", "rank-bm25": "rank_bm25", "rapidfuzz": "rapidfuzz",
    "trafilatura": "trafilatura", "waitress": "waitress",
}  # fmt: skip


def core() -> list[str]:
    """The packages that pyproject.toml names."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [Requirement(each).name for each in table["project"]["dependencies"]]


def locked() -> list[str]:
    """Those packages and all that they need themselves, as requirements.lock has them; what only builds is left out."""
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.MULTILINE)[1:]
    via = re.compile(r"^ +# +(?:via +)?(\S.*?) *$", re.MULTILINE)
    return [block.partition("==")[0] for block in blocks if set(via.findall(block)) - _BUILDING]


def licence(name: str) -> str:
    """What a package says of its licence; empty where it says nothing."""
    told = distribution(name).metadata
    classified = [
        each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or [] if each.startswith("License ::")
    ]
    written = told.get("License-Expression") or "; ".join(classified) or told.get("License") or ""
    return written.strip().partition("\n")[0][:60]


def compatible(written: str) -> bool:
    """Whether a licence may be combined with ours: of several joined by OR one is enough."""
    choices = re.split(r"\bOR\b", written)
    return any(
        any(known.lower() in choice.lower() for known in COMPATIBLE) and not re.search(r"\b[AL]?GPL", choice)
        for choice in choices
    )


def size(package: Distribution) -> float:
    """MB of its files."""
    places = [Path(str(package.locate_file(file))) for file in package.files or []]
    return sum(place.stat().st_size for place in places if place.is_file()) / 1e6


def loading(module: str, times: int = 3) -> float:
    """Seconds of processor time that importing it takes in a fresh Python, beyond an empty one; the least of a few."""

    def measured(program: str) -> float:
        clock = "import resource as r; u = r.getrusage(r.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"
        done = [
            subprocess.run([sys.executable, "-c", f"{program}\n{clock}"], capture_output=True, text=True, check=True)
        ]
        return float(done[0].stdout)

    return max(0.0, min(measured(f"import {module}") for _ in range(times)) - min(measured("") for _ in range(times)))


def table(loaded: bool = True) -> Iterator[str]:
    """The list, one package a line."""
    for name in core():
        seconds = f"{loading(LOADED[name.lower()]):6.2f} s" if loaded else ""
        yield f"{name:24} {size(distribution(name)):7.1f} MB {seconds}  {licence(name)}"
    for name in sorted(set(locked()) - {each.lower() for each in core()}):
        yield f"  {name:22} {size(distribution(name)):7.1f} MB {'':8}  {licence(name)}"


def main() -> None:
    """Prints the list."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print("\n".join(table()))


if __name__ == "__main__":
    main()
