"""What was slow to make, kept on disk: named parts in one checked, memory-mapped file.

A file is written aside and renamed, so that a reader never sees half of one and two processes may write at once. What
is damaged, cut short or foreign is noticed by its checksum, told in a warning, and made again. Where the folder cannot
be written everything still works, only slower. Layout: a magic number, a CRC-32 of all that follows, the length of a
head in JSON (its key and the place of every part), the head, and the parts, each at a multiple of 64 bytes.
"""

import gc
import hashlib
import json
import logging
import marshal
import mmap
import os
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import unidata_version

import numpy as np
import numpy.typing as npt

from qa.further import further_codes

Part = npt.NDArray[Any]
Parts = Mapping[str, Part]

_MAGIC = b"FONTE\x00\x01\n"
_FIXED = struct.Struct("<8sII")  # magic, checksum, length of the head
_ALIGNED = 64
_KEPT = 6  # files of one name, so that a corpus that goes back and forth finds its old index
_ABANDONED = 3_600  # seconds since the last byte; writing takes a few
_PACKAGE = Path(__file__).parent
_KNOWLEDGE = ("language", "documents", "retrieval", "evidence")
_log = logging.getLogger("qa.cache")


class Cache:
    """A folder of kept parts; with None for a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._told = False

    @property
    def writable(self) -> bool:
        """Whether something can be kept: the folder, or the first of those above it that exists, can be written."""
        if self.folder is None:
            return False
        existing = next((path for path in (self.folder, *self.folder.parents) if path.exists()), None)
        return existing is not None and os.access(existing, os.W_OK | os.X_OK)

    def read(self, name: str, key: str) -> Parts | None:
        """The parts kept under this name and key, memory-mapped and read-only; None where there are none or no more."""
        path = self._path(name, key)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return _parse(mapped, key)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError, struct.error) as problem:
            _log.warning("qa: %s cannot be used and is made again: %s", path, problem)
            return None

    def write(self, name: str, key: str, parts: Parts) -> bool:
        """Keeps the parts; False where the folder cannot be written."""
        path = self._path(name, key)
        if path is None:
            return False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    _compose(file, key, parts)
                Path(aside).replace(path)
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise
        except OSError as problem:
            self._tell(problem)
            return False
        self._tidy(name)
        return True

    def kept(self, name: str, key: str, make: Callable[[], Parts]) -> Parts:
        """The parts of this name and key, made and kept when they are not there yet."""
        found = self.read(name, key)
        if found is None:
            found = make()
            self.write(name, key, found)
        return found

    def others(self, name: str) -> Iterator[Parts]:
        """All that is kept under this name, whatever its key, the latest first."""
        for path in self._files(name):
            try:
                with path.open("rb") as file:
                    yield _parse(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), None)
            except (OSError, ValueError, KeyError, TypeError, struct.error):
                continue

    def _tell(self, problem: OSError) -> None:
        """Says once that nothing can be kept, and goes on."""
        if not self._told:
            self._told = True
            reason = problem.strerror or problem
            _log.warning("qa: cache folder %s: %s; what is slow to make stays in memory alone", self.folder, reason)

    def _path(self, name: str, key: str) -> Path | None:
        return None if self.folder is None else self.folder / f"{name}-{digest([key])[:24]}.bin"

    def _files(self, name: str) -> list[Path]:
        """The files of a name, the newest first."""
        try:
            listed = list(self.folder.glob(f"{name}-*.bin")) if self.folder else []
            return sorted(listed, key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError:
            return []

    def _tidy(self, name: str) -> None:
        for path in self._files(name)[_KEPT:]:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                return
        self._sweep(name)

    def _sweep(self, name: str) -> None:
        """Removes what processes that were killed while they wrote have left aside."""
        assert self.folder is not None  # for the type checker: something was just written there
        for path in self.folder.glob(f".{name}-*.bin-*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()


def standard_folder() -> Path:
    """Where caches of this user belong: `$XDG_CACHE_HOME/fonte`, else `~/.cache/fonte`."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(home) if home.startswith("/") else Path("~/.cache").expanduser()) / "fonte"


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 over texts or bytes, each apart from the next."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sha.update(struct.pack("<Q", len(data)))
        sha.update(data)
    return sha.hexdigest()


@lru_cache(maxsize=1)
def knowledge() -> str:
    """Digest of all that decides how texts are read, and of what runs it: another one, another cache."""
    return digest([sys.version, np.__version__, sys.byteorder, reading()])


@lru_cache(maxsize=1)
def reading() -> str:
    """Digest of all code and data that decide how texts are read, whichever machine does it."""
    told: list[str | bytes] = [unidata_version, *further_codes()]
    for folder in _KNOWLEDGE:
        for file in sorted((_PACKAGE / folder).rglob("*")):
            if file.suffix in (".py", ".toml", ".tsv", ".txt"):
                told += [file.relative_to(_PACKAGE).as_posix(), file.read_bytes()]
    return digest(told)


def packed(value: Any) -> Part:
    """Plain data (numbers, texts, tuples, lists, sets, dicts) as a part."""
    return np.frombuffer(marshal.dumps(value), np.uint8)


def unpacked(part: Part) -> Any:
    """What `packed` was given."""
    with uncollected():
        return marshal.loads(part.data)


class _Pause:
    """Of the collector, which is one for all threads: it begins with the first who want it and ends with the last."""

    def __init__(self) -> None:
        self._lock, self._within, self._collecting = threading.Lock(), 0, True

    def begin(self) -> None:
        with self._lock:
            if not self._within:
                self._collecting = gc.isenabled()
                gc.disable()
            self._within += 1

    def end(self) -> None:
        with self._lock:
            self._within -= 1
            if not self._within and self._collecting:
                gc.enable()


_pause = _Pause()


@contextmanager
def uncollected() -> Iterator[None]:
    """For making many small values and no garbage: the collector would look at all of them again and again."""
    _pause.begin()
    try:
        yield
    finally:
        _pause.end()


def _compose(file: Any, key: str, parts: Parts) -> None:
    rows, at, arrays = [], 0, []
    for name, part in parts.items():
        array = np.ascontiguousarray(part)
        at += -at % _ALIGNED
        rows.append([name, array.dtype.str, list(array.shape), at])
        arrays.append((at, array))
        at += array.nbytes
    head = json.dumps({"key": key, "parts": rows, "bytes": at}).encode()
    head += b" " * (-(_FIXED.size + len(head)) % _ALIGNED)
    checksum, place = zlib.crc32(head), 0
    file.write(_FIXED.pack(_MAGIC, 0, len(head)))
    file.write(head)
    for start, array in arrays:
        for data in (b"\0" * (start - place), array.reshape(-1).view(np.uint8).data):
            file.write(data)
            checksum = zlib.crc32(data, checksum)
        place = start + array.nbytes
    file.seek(0)
    file.write(_FIXED.pack(_MAGIC, checksum, len(head)))


def _parse(mapped: mmap.mmap, key: str | None) -> Parts:
    """The parts of a mapped file; raises ValueError and the like for anything that is not as `_compose` left it."""
    magic, checksum, length = _FIXED.unpack_from(mapped)
    if magic != _MAGIC:
        raise ValueError("not a cache of this version")
    if zlib.crc32(memoryview(mapped)[_FIXED.size :]) != checksum:
        raise ValueError("its checksum is wrong")
    head = json.loads(mapped[_FIXED.size : _FIXED.size + length])
    if key is not None and head["key"] != key:
        raise ValueError("it was made for something else")
    parts = {}
    for name, kind, shape, at in head["parts"]:
        count = int(np.prod(shape, dtype=np.int64))
        data = np.frombuffer(mapped, np.dtype(kind), count, _FIXED.size + length + at) if count else np.zeros(0, kind)
        parts[name] = data.reshape(shape)
    return parts


def _of_environment() -> Cache:
    named = os.environ.get("QA_CACHE")
    return Cache(standard_folder() if named is None else Path(named) if named else None)


_in_use = _of_environment()


def in_use() -> Cache:
    """The cache of this process: in the folder of `QA_CACHE` (empty: none) or the user's, until `use` changes it."""
    return _in_use


def use(cache: Cache) -> None:
    """Makes another one the cache of this process, for all that is read from now on."""
    global _in_use
    _in_use = cache
