"""What another place of the same document tells about a passage that is silent."""

import pytest

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat, Place, Span
from qa.evidence.document_scope import document_caveats
from qa.settings import SHIPPED_CORPUS

RATS = "Il magnesio riduce la neuropatia e il dolore dei nervi lesi nei ratti diabetici."
NERVES = "Contro la neuropatia diabetica il magnesio riduce il dolore dei nervi lesi."
SLEEP = "La valeriana aiuta a dormire meglio chi si sveglia spesso di notte."


def passage(ordinal: int, text: str = NERVES) -> Passage:
    """A passage of 100 characters at most, at 100 times its ordinal in its document."""
    stored = "".join(each.ljust(100) for each in ("", *[text] * 9))
    document = Document("a", "a.txt", stored, "it", "A")
    return Passage(document, ordinal, None, ordinal * 100, ordinal * 100 + len(text))


def made(*kinds: str, promotional: str = "none", evidence: str = "no_claim") -> Assessment:
    caveats = tuple(Caveat(kind, () if kind == "uncited_claim" else (Span(2, 5), Span(7, 9))) for kind in kinds)
    return Assessment("it", promotional, (evidence,), "benefit", "no", caveats)


PLAIN = Assessment("it")
SELLS = made("promotional", promotional="sell")
SILENT = made("uncited_claim", evidence="uncited")
ANIMALS = made("animal_evidence", evidence="animal")
PEOPLE = made(evidence="human")
ADVERT = ("promotional", Place(302, 305))


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        # the advert of the page
        (PLAIN, [(2, NERVES, SELLS)], [("promotional", Place(202, 205))]),
        (PLAIN, [(2, NERVES, PLAIN), (3, SLEEP, SELLS), (4, RATS, SELLS)], [ADVERT]),
        (SELLS, [(2, NERVES, SELLS)], []),  # it tells by itself
        (PLAIN, [(1, NERVES, SELLS)], []),  # the passage itself
        (PLAIN, [(2, NERVES, made("one_sided", promotional="tone"))], []),
        (PLAIN, [], []),
        # the evidence of the page
        (SILENT, [(2, RATS, ANIMALS)], [("animal_evidence", Place(202, 205))]),
        (made("unnamed_studies", evidence="unnamed"), [(2, RATS, ANIMALS)], [("animal_evidence", Place(202, 205))]),
        (SILENT, [(2, RATS, ANIMALS), (3, SLEEP, PEOPLE)], []),  # the page has evidence from people
        (SILENT, [(2, SLEEP, ANIMALS)], []),  # of another matter
        (PLAIN, [(2, RATS, ANIMALS)], []),  # nothing is claimed
        (ANIMALS, [(2, RATS, ANIMALS)], []),  # it tells by itself
        (SILENT, [(2, RATS, ANIMALS), (3, RATS, SELLS)], [ADVERT, ("animal_evidence", Place(202, 205))]),
    ],
)  # fmt: skip
def test_what_the_page_tells(
    own: Assessment, others: list[tuple[int, str, Assessment]], expected: list[tuple[str, Place]]
) -> None:
    listed = [(passage(1), own), *((passage(ordinal, text), each) for ordinal, text, each in others)]
    found = document_caveats(passage(1), own, listed)
    assert [(caveat.kind, caveat.place) for caveat in found] == expected
    assert all(caveat.scope == "document" and caveat.spans == () for caveat in found)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


def test_the_glucontrol_advert_is_told_on_the_other_passages_of_its_page(answerer: Answerer) -> None:
    *silent, advert = answerer.passages_of("en/magnesium-and-neuropathy")
    assert "Glucontrol" in advert.text
    assert [c.scope for c in answerer.caveats(advert) if c.kind == "promotional"] == ["passage"]
    for each in silent:
        (told,) = [c for c in answerer.caveats(each) if c.kind == "promotional"]
        assert told.scope == "document"
        assert told.place is not None
        assert advert.start <= told.place.start < told.place.end <= advert.end


def test_the_page_with_a_trial_in_people_never_gets_animals_only(answerer: Answerer) -> None:
    found = [c for p in answerer.passages_of("it/magnesio-e-dolore-ai-nervi") for c in answerer.caveats(p)]
    assert [c.kind for c in found if c.scope == "document"] == []
    assert [c.kind for c in found].count("animal_evidence") == 2  # the two passages that tell of animals themselves


def test_nothing_is_told_of_a_page_that_does_not_sell(answerer: Answerer) -> None:
    others = [p for p in answerer.passages if p.document.id != "en/magnesium-and-neuropathy"]
    told = [(p.id, c.kind) for p in others for c in answerer.caveats(p) if c.scope == "document"]
    assert [each for each in told if each[1] == "promotional"] == []
