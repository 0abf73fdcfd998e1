"""The names that `qa` gives out, each fetched when it is first asked for: `import qa.client` loads no retriever."""

import importlib
from typing import Any

HOMES = {
    "Answer": "qa.answering.answerer",
    "Answerer": "qa.answering.answerer",
    "Assessment": "qa.evidence.assessment",
    "assess": "qa.evidence.assessment",
    "load_corpus": "qa.documents.corpus",
}
"""Public name → the module it lives in."""


def __getattr__(name: str) -> Any:
    """What `qa.<name>` is; Python calls it for names that the package does not hold yet (PEP 562)."""
    if name not in HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(importlib.import_module(HOMES[name]), name)
