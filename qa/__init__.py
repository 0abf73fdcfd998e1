"""Fonte: questions over a collection of health texts, answered with verbatim passages, sources and caveats."""

from qa.answering.answerer import Answer, Answerer
from qa.documents.corpus import load_corpus
from qa.evidence.assessment import Assessment, assess

__all__ = ["Answer", "Answerer", "Assessment", "assess", "load_corpus"]
