"""The wheel, built and installed alone, run from an empty folder: corpus, data files and web assets travel in it."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(arguments: Sequence[str | Path], **known: object) -> str:
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, **known)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT])
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with the wheel; its dependencies are lent by this one."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    run([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel])
    (site,) = home.glob("lib/python*/site-packages")
    lent = site / "lent"  # linked one by one: a whole folder would bring this checkout's own installation along
    lent.mkdir()
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not re.search(r"fonte|__editable__|\.pth$|^qa$|^web$", package.name):
            (lent / package.name).symlink_to(package)
    (site / "lent.pth").write_text(f"{lent}\n", "utf-8")
    return home / "bin"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("empty")


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "PYTHON"))}
    return kept | {"QA_CACHE": str(home / ".cache")}


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("qa", "web"):
        needed = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
        }
        assert needed - set(names) == set()
    corpus = {f"qa/corpus/{path.relative_to(ROOT / 'corpus').as_posix()}" for path in (ROOT / "corpus").rglob("*.*")}
    assert corpus - set(names) == set()
    assert [name for name in names if not re.match(r"(qa|web)/|fonte-[\d.]+\.dist-info/", name)] == []
    assert [name for name in names if re.search(r"__pycache__|\.pyc$|\.nb[ci]$|tests?/", name)] == []


def test_the_installed_package_is_the_wheels(installed: Path, empty: Path) -> None:
    where = run(
        [installed / "python", "-c", "import qa, web; print(qa.__file__, web.__file__)"],
        cwd=empty,
        env=environment(empty),
    )
    assert str(ROOT / "qa") not in where
    assert where.count(str(installed.parent)) == 2


def test_it_checks_and_asks_the_five_texts(installed: Path, empty: Path) -> None:
    known = {"cwd": empty, "env": environment(empty)}
    assert len(run([installed / "qa", "check"], **known).splitlines()) == 5
    body = json.loads(run([installed / "qa", "ask", "--json", "Il magnesio aiuta contro la sciatica?"], **known))
    assert body["answered"]
    assert any(passage["source"]["id"] == "it/magnesio-e-dolore-ai-nervi" for passage in body["passages"])


def test_it_serves_the_five_texts(installed: Path, empty: Path) -> None:
    command = [str(installed / "qa"), "serve", "--port", "0"]
    server = subprocess.Popen(
        command, cwd=empty, env=environment(empty), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert server.stdout
        told = ""
        address = None
        while address is None:
            line = server.stdout.readline()
            told += line
            assert line, told  # it ended before it listened
            address = re.search(r"http://[\d.]+:\d+", line)
        base = address.group()
        health = json.load(urllib.request.urlopen(f"{base}/healthz", timeout=60))
        assert health["documents"] == 5
        question = json.dumps({"question": "Does ketamine help with fibromyalgia?"}).encode()
        asked = urllib.request.Request(f"{base}/ask", question, {"Content-Type": "application/json"})
        assert json.load(urllib.request.urlopen(asked, timeout=60))["answered"]
        page = urllib.request.urlopen(f"{base}/", timeout=60).read().decode("utf-8")
        assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert assets
        for asset in assets:
            assert urllib.request.urlopen(f"{base}{asset}", timeout=60).status == 200
    finally:
        server.terminate()
        server.communicate(timeout=30)
