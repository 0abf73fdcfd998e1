"""Every package is locked with its hash, under a licence that may be combined with ours."""

import re

import pytest

from tests.reliability.packages import LOADED, compatible, core, licence, locked
from tests.reliability.running import ROOT


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_locked_with_its_hashes(file: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / file).read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(blocks) > 30
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_what_is_needed_is_locked() -> None:
    named = {name.lower() for name in core()}
    assert named <= {name.lower() for name in locked()}
    assert named == set(LOADED)


@pytest.mark.parametrize("name", locked())
def test_its_licence_may_be_combined_with_ours(name: str) -> None:
    assert compatible(licence(name)), f"{name}: {licence(name)!r}"


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("MIT", True),
        ("BSD License", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("GPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_what_may_be_combined(written: str, fits: bool) -> None:
    assert compatible(written) is fits
