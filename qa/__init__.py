"""Fonte: questions over a collection of health texts, answered with verbatim passages, sources and caveats."""

from qa.names import __getattr__ as __getattr__

__all__ = ["Answer", "Answerer", "Assessment", "assess", "load_corpus"]
