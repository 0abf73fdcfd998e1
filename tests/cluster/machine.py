"""What the test cluster asks of a machine: a JDK, the jars of OpenSearch, memory and disk."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE.parents[1] / ".cache" / "cluster-jars"
JAVA_VERSIONS = range(17, 26)  # the oldest and the newest of them were tried
HEAP_MEGABYTES = 2_048
_MEMORY_MEGABYTES = 5_000  # free: the heap, what Lucene keeps beside it, and the tests
_DISK_MEGABYTES = 2_000
_FETCH_SECONDS = 900


class LackError(Exception):
    """Something that the machine lacks, through no fault of the code: the reason to skip."""


def java() -> str:
    """A JDK's `java` (a JRE cannot run a source file); raises LackError where there is none of a fitting version."""
    seen = []
    for path in dict.fromkeys(_candidates()):
        if not path.with_name("javac").exists():
            continue
        version = _version(path)
        seen.append(f"{path.parent.parent.name}: {version}")
        if version in JAVA_VERSIONS:
            return str(path)
    wanted = f"needs a JDK of a version from {JAVA_VERSIONS[0]} to {JAVA_VERSIONS[-1]}"
    raise LackError(f"{wanted}; found {', '.join(seen) or 'none'}")


def jars() -> str:
    """The class path, its jars fetched from Maven Central once; raises LackError where they cannot be had."""
    if not JARS.is_dir():
        _fetch()
    return f"{JARS}/*"


def check_room(folder: Path) -> None:
    """Raises LackError where memory, or the disk of this folder, would not do."""
    memory = free_memory()
    if memory is not None and memory < _MEMORY_MEGABYTES:
        raise LackError(f"needs {_MEMORY_MEGABYTES:,} MB of free memory; there are {memory:,}")
    disk = shutil.disk_usage(folder).free // 1_000_000
    if disk < _DISK_MEGABYTES:
        raise LackError(f"needs {_DISK_MEGABYTES:,} MB of free disk; there are {disk:,}")


def free_memory() -> int | None:
    """Megabytes that can still be had, within a container's own limit too; None where the system does not tell."""
    try:
        told = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    free = [int(told[1]) // 1_000] if told else []
    group = Path("/sys/fs/cgroup")
    try:
        most, held = ((group / f"memory.{name}").read_text("ascii").strip() for name in ("max", "current"))
        if most != "max":
            free.append((int(most) - int(held)) // 1_000_000)
    except (OSError, ValueError):
        pass
    return min(free, default=None)


def ports(needed: list[int]) -> Iterator[int]:
    """Ports from which all these offsets are free; another process may still come first, so there is more than one."""
    begin = os.getpid() % 30
    for first in (21_310 + 250 * ((begin + turn) % 30) for turn in range(30)):
        try:
            for offset in needed:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        yield first


def _candidates() -> Iterator[Path]:
    home, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    if home:
        yield Path(home, "bin", "java").resolve()
    if on_path:
        yield Path(on_path).resolve()
    yield from sorted(path.resolve() for path in Path("/usr/lib/jvm").glob("*/bin/java"))


def _version(path: Path) -> int | None:
    """The first number of `java -version`; 8 and older say 1."""
    try:
        said = subprocess.run([path, "-version"], capture_output=True, text=True, check=True, timeout=120).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else None


def _fetch() -> None:
    """Fetches the jars aside, so that a broken run leaves nothing that looks whole."""
    maven = shutil.which("mvn")
    if maven is None:
        raise LackError("needs mvn")
    JARS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=JARS.parent) as aside:
        order = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        try:
            subprocess.run(
                [*order, f"-DoutputDirectory={aside}/jars"],
                capture_output=True,
                text=True,
                check=True,
                timeout=_FETCH_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise LackError("the jars cannot be had: Maven was not done in time") from None
        except subprocess.CalledProcessError as problem:
            said = " ".join(problem.stdout.split())
            raise LackError(f"the jars cannot be had: {said[:200]}") from None
        Path(aside, "jars").rename(JARS)
