"""The release command refuses whatever is not ready, and says all of it at once."""

import importlib.util
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "deploy" / "release.py"
spec = importlib.util.spec_from_file_location("release", SCRIPT)
assert spec is not None and spec.loader is not None
release = importlib.util.module_from_spec(spec)
spec.loader.exec_module(release)

READY = "# Changelog\n\n## 1.2.0, 2026-01-31\n\nBetter.\n\n## 1.1.0, 2025-12-01\n\nGood.\n"


def checkout(folder: Path, changelog: str = READY) -> Path:
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', "utf-8")
    (folder / "CHANGELOG.md").write_text(changelog, "utf-8")
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def test_a_ready_checkout_has_no_problem(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    assert list(release.problems(root)) == []
    assert release.notes(root, "1.2.0") == ("2026-01-31", "Better.")


@pytest.mark.parametrize(
    ("changelog", "problem"),
    [
        (READY.replace(", 2026-01-31", ", unreleased"), "the heading of 1.2.0 says 'unreleased', not the day"),
        (READY.replace("1.2.0", "1.3.0"), "no heading `## 1.2.0, YYYY-MM-DD`"),
        (READY.replace("Better.\n", ""), "says nothing under 1.2.0"),
    ],
)
def test_the_changelog_must_tell(changelog: str, problem: str, tmp_path: Path) -> None:
    [found] = release.problems(checkout(tmp_path, changelog))
    assert problem in found


def test_changes_and_an_old_tag_are_told_together(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    subprocess.run(["git", "tag", "v1.2.0"], cwd=root, check=True)
    (root / "more.txt").write_text("x", "utf-8")
    assert [found.split(":")[0] for found in release.problems(root)] == [
        "the checkout has changes that are not committed",
        "the tag v1.2.0 exists",
    ]


def test_this_version_is_not_released_yet_or_tagged() -> None:
    told = release.notes(SCRIPT.parents[1], release.version(SCRIPT.parents[1]))
    assert told is not None and told[1]
