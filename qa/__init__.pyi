# What `qa.names` fetches when it is asked for, for type checkers; a test holds the two against each other.
from qa.answering.answerer import Answer as Answer
from qa.answering.answerer import Answerer as Answerer
from qa.documents.corpus import load_corpus as load_corpus
from qa.evidence.assessment import Assessment as Assessment
from qa.evidence.assessment import assess as assess

__all__ = ["Answer", "Answerer", "Assessment", "assess", "load_corpus"]
