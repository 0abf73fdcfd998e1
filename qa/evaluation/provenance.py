"""Where a number comes from: versions, settings and digests, so that it can be traced and made again."""

import hashlib
import platform
from dataclasses import asdict, fields, is_dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa.evaluation.intervals import RESAMPLES, SEED
from qa.settings import Settings

PACKAGE = Path(__file__).parents[1]
_PACKAGES = ("fonte", "ir-measures", "nltk", "numpy", "rank-bm25", "rapidfuzz")
_ANSWERING = ("language", "documents", "retrieval", "evidence", "answering")
_RETRIEVAL = ("engine", "reranker", "k1", "b")


def provenance(
    settings: Settings, corpus: str | None, questions: dict[str, str], parts: object = None
) -> dict[str, Any]:
    """Everything a figure depends on. `corpus`: digest, or None where none was read; `questions`: names and digests."""
    return {
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "commit": commit(),
        "code": code_digest(),
        "corpus": corpus,
        "questions": questions,
        "retrieval": {name: getattr(settings, name) for name in _RETRIEVAL if name in type(settings).model_fields},
        "parts": asdict(parts) if is_dataclass(parts) and not isinstance(parts, type) and fields(parts) else None,
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED},
    }


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 over every file of the engine that can change an answer: code and language data, evaluation left out."""
    digest = hashlib.sha256()
    files = [file for folder in _ANSWERING for file in sorted((PACKAGE / folder).rglob("*")) if file.is_file()]
    for file in files:
        if file.suffix != ".pyc" and not file.name.startswith("."):
            name = file.relative_to(PACKAGE).as_posix()
            digest.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def commit() -> str | None:
    """The commit checked out around this code, read from .git without a git; None where there is none."""
    git = PACKAGE.parent / ".git"
    try:
        head = (git / "HEAD").read_text("utf-8").strip()
        if not head.startswith("ref: "):
            return head
        name = head.removeprefix("ref: ")
        if (git / name).is_file():
            return (git / name).read_text("utf-8").strip()
        packed = (git / "packed-refs").read_text("utf-8").split("\n")
        return next((line.split()[0] for line in packed if line.endswith(f" {name}")), None)
    except OSError:
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
