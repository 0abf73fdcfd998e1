"""Checks, tests, builds and tags the version that pyproject.toml names; refuses before anything is done.

A release needs a clean checkout, a heading `## 1.2.3, 2026-01-31` in CHANGELOG.md, and no tag of that version yet. The
tag carries the changelog's section. Nothing is pushed: the last line says how.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def version(root: Path) -> str:
    """The version in pyproject.toml."""
    return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def notes(root: Path, number: str) -> tuple[str, str] | None:
    """(what stands after the version in its heading, the section) of CHANGELOG.md; None without such a heading."""
    text = (root / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## {re.escape(number)}(?:, ([^\n]*))?$\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return (found[1] or "", found[2].strip()) if found else None


def problems(root: Path) -> Iterator[str]:
    """Why the checkout cannot be released as it is."""
    number = version(root)
    if git(root, "status", "--porcelain"):
        yield "the checkout has changes that are not committed"
    if git(root, "tag", "--list", f"v{number}"):
        yield f"the tag v{number} exists: raise the version in pyproject.toml"
    told = notes(root, number)
    if told is None:
        yield f"CHANGELOG.md has no heading `## {number}, YYYY-MM-DD`"
    elif not re.fullmatch(r"\d{4}-\d\d-\d\d", told[0]):
        yield f"CHANGELOG.md: the heading of {number} says {told[0]!r}, not the day of the release"
    elif not told[1]:
        yield f"CHANGELOG.md says nothing under {number}"


def git(root: Path, *arguments: str) -> str:
    """What git prints."""
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """The whole release; 1 where something stands against it."""
    found = list(problems(ROOT))
    for problem in found:
        print(f"release: {problem}", file=sys.stderr)
    if found:
        return 1
    number = version(ROOT)
    for target in ("check", "test", "wheel"):
        if subprocess.run(["make", target], cwd=ROOT).returncode:
            print(f"release: make {target} failed", file=sys.stderr)
            return 1
    if not list((ROOT / "dist").glob(f"*-{number}-*.whl")):
        print(f"release: dist/ holds no wheel of {number}", file=sys.stderr)
        return 1
    told = notes(ROOT, number)
    git(ROOT, "tag", "-a", f"v{number}", "-m", f"{number}\n\n{told[1] if told else ''}")
    print(f"Tagged v{number}. To publish: git push --follow-tags, then upload dist/*-{number}-*.whl")
    return 0


if __name__ == "__main__":
    sys.exit(main())
