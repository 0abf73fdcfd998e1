"""The embedded engine's inner loops, compiled by numba (extra `[fast]`).

Every score is the sum that `qa.retrieval.bm25` makes without numba, term by term in the order of the query, so that
the two agree bit for bit. No loop calls one of another file: numba, which keeps what it compiled, looks for changes in
one file only.
"""

from qa.retrieval.compiled.merging import merged
from qa.retrieval.compiled.search import best, best_of_terms, impacts

__all__ = ["best", "best_of_terms", "impacts", "merged"]
