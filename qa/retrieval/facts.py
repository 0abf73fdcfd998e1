"""The sorts of fact a question may ask for (a price, a law, a dose in milligrams) and a passage may tell.

A text on kratom that never mentions customs does not answer a question about customs, however many words the two share.
Cues for both sides are in `language/data/<code>/facts.toml`; a category is `asks_<fact>` or `tells_<fact>`.
"""

from collections.abc import Iterable
from functools import cache, lru_cache

from qa.evidence.cues import CueSet, Match
from qa.language.registry import LANGUAGES
from qa.language.tokens import pieces

FACTS = (
    "price",  # what it costs
    "cover",  # who pays: insurance, health service
    "law",  # allowed, banned, customs, prescription
    "buy",  # where to get it
    "dose",  # an amount in figures
    "pregnancy",  # pregnancy and breast-feeding
    "child",  # for children
    "alcohol",
    "driving",
    "food",  # diet, foods rich in something
    "timing",  # when in the day, before or after meals
    "onset",  # how soon it works
    "duration",  # how long something takes or lasts
    "diagnosis",  # tests, examinations, reference values
    "exercise",
    "weight",
    "origin",  # who invented it, where it grows, since when
    "contents",  # what is in it, how many in a pack
    "rights",  # sick leave, disability, work
    "travel",
    "animals",  # for pets
    "share",  # how many people, what percentage
    "sight_and_hearing",  # hallucinations, ringing ears, blurred sight
    "looks",  # hair, skin, bruises
    "allergy",
    "other_illness",  # cancer, dialysis, epilepsy, pacemaker …
    "other_remedy",  # a drug, supplement or therapy by its name
    "place",  # addresses, opening hours, which hospital
    "person",  # who is the best doctor, a name
    "news",  # dates, latest, when will it
)

_CATEGORIES = tuple(f"{side}_{fact}" for fact in FACTS for side in ("asks", "tells"))


@cache
def _cues(code: str) -> CueSet:
    return CueSet(
        LANGUAGES[code].folder / "facts.toml", categories=_CATEGORIES, abbreviations=LANGUAGES[code].abbreviations
    )


def asked(question: str, codes: tuple[str, ...]) -> frozenset[str]:
    """The facts that a question asks for, read in each of the languages `codes`."""
    return _found(question, codes, "asks_")


def asking(question: str, codes: Iterable[str]) -> list[tuple[int, int, str]]:
    """(start, end, fact) of the words of a question that ask for a fact, in code points."""
    return [(match.start, match.end, fact) for match, fact in _matches(question, codes, "asks_")]


@lru_cache(maxsize=20_000)
def told(text: str, code: str) -> frozenset[str]:
    """The facts that a passage in the language `code` tells; none in an unknown one."""
    return _found(text, (code,), "tells_") if code in LANGUAGES else frozenset()


def _found(text: str, codes: Iterable[str], side: str) -> frozenset[str]:
    return frozenset(fact for _, fact in _matches(text, codes, side))


def _matches(text: str, codes: Iterable[str], side: str) -> list[tuple[Match, str]]:
    tokens = pieces(text)
    return [
        (match, match.category.removeprefix(side))
        for code in codes
        for match in _cues(code).find(text, tokens)
        if match.category.startswith(side)
    ]
