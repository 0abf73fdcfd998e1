"""The parts of the retriever, each behind one name, so that an ablation can switch it off and say what it is worth."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """Which parts are on. All on is Fonte; all off is BM25 over stems, in the question's language alone."""

    lexicon: bool = True  # translations of words and phrases
    synonyms: bool = True  # synonyms and lay terms within a language
    everyday: bool = True  # everyday words for what texts say otherwise
    cognates: bool = True  # words that look alike across languages
    spelling: bool = True  # what a mistyped word may have meant
    phrases: bool = True  # multi-word headwords as terms of their own
    headings: bool = True  # title and section heading as part of a passage
    topics: bool = True  # what documents are about weighs more than what they mention
    ranking: bool = True  # the second look at BM25's best passages, which also fuses the languages
    facts: bool = True  # in that look: does a passage tell the sort of fact that is asked
