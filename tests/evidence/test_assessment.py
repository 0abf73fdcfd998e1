"""What passages do, against labels given by people: the shipped paragraphs, harm alone, negations, odd texts."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evidence.assessment import Assessment, assess
from qa.evidence.caveats import LEVELS, ordered
from qa.language.registry import LANGUAGES

DATA = Path(__file__).parents[1] / "data"
SEED = {row["id"]: row for row in map(json.loads, (DATA / "seed-caveats.jsonl").read_text("utf-8").splitlines())}
EXAMPLES = [json.loads(line) for line in (DATA / "caveat-examples.jsonl").read_text("utf-8").splitlines()]

SELLING = {"sell": "promotional", "tone": "one_sided"}
EVIDENCE = {
    "animal": "animal_evidence",
    "in_vitro": "laboratory_evidence",
    "unnamed": "unnamed_studies",
    "uncited": "uncited_claim",
}


def kinds(assessment: Assessment) -> list[str]:
    return [caveat.kind for caveat in assessment.caveats]


def wanted(row: dict[str, Any]) -> set[str]:
    """The caveats that a passage's labels call for."""
    listed = {SELLING[row["promotional"]]} if row["promotional"] in SELLING else set()
    if row["safety"] == "yes":
        listed.add("absolute_safety")
    if row["claim"] in ("benefit", "both") and "human" not in row["evidence"]:
        listed |= {EVIDENCE[each] for each in row["evidence"]}
    return listed


def right(row: dict[str, Any]) -> bool:
    """Hedged reassurance (`weak`) and what its readers disputed is not held against a passage."""
    given, expected = set(kinds(assess(row["text"], row["lang"]))), wanted(row)
    if row["safety"] == "weak":
        given.discard("absolute_safety")
    for label, aside in (("promotional", SELLING), ("evidence", EVIDENCE)):
        if label in row.get("disputed", ()):
            given, expected = given - set(aside.values()), expected - set(aside.values())
    return given == expected


def test_the_paragraphs_of_the_five_texts() -> None:
    assert len(SEED) == 32
    wrong = {name: kinds(assess(row["text"], row["lang"])) for name, row in SEED.items() if not right(row)}
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("s-12", {"promotional"}),  # the Glucontrol advert
        ("s-02", {"animal_evidence"}),  # studies on animals
        ("s-04", {"animal_evidence"}),
        ("s-03", set()),  # a trial in people
        ("s-05", set()),  # side effects alone
        ("s-26", set()),  # what neuropathic pain is
    ],
)
def test_paragraphs_that_must_be_right(name: str, expected: set[str]) -> None:
    found = set(kinds(assess(SEED[name]["text"], SEED[name]["lang"])))
    assert expected <= found
    if not expected:
        assert found == set()


def test_the_one_sided_paragraphs_about_kratom() -> None:
    praising = [row for row in SEED.values() if "kratom" in row["doc"] and row["promotional"] == "tone"]
    assert len(praising) == 8
    assert sum("one_sided" in kinds(assess(row["text"])) for row in praising) >= 6


HARM_ONLY = [
    "Il kratom può dare dipendenza.",
    "Kratom can be addictive.",
    "Il magnesio può causare diarrea e nausea.",
    "Kratom may cause liver damage and seizures.",
    "L'ibuprofene può provocare ulcere; non superare la dose consigliata.",
    "High doses of vitamin B6 can damage the nerves.",
    "La ketamina può causare allucinazioni e aumento della pressione.",
    "Do not take magnesium with antibiotics: it reduces their absorption.",
    "Gli studi mostrano che il kratom può danneggiare il fegato.",
    "Studies show that kratom can damage the liver.",
    "L'uso prolungato provoca dipendenza e astinenza.",
    "Withdrawal from kratom brings anxiety, sweating and insomnia.",
    "Chi soffre di insufficienza renale non deve assumere magnesio.",
    "People with kidney disease should not take magnesium.",
    "Attenzione: può interagire con gli antidepressivi e provocare convulsioni.",
    "Several deaths have been linked to kratom.",
    "Il trattamento non è privo di effetti indesiderati.",
    "The treatment is not without side effects.",
]


@pytest.mark.parametrize("text", HARM_ONLY)
def test_a_warning_is_no_claim_without_evidence(text: str) -> None:
    assert assess(text).language is not None
    assert set(kinds(assess(text))) & {"uncited_claim", "unnamed_studies", "absolute_safety"} == set()


def test_a_denied_promise_is_no_claim() -> None:
    assert kinds(assess("Kratom is not free from the risk of addiction.")) == []


LABELLED_WARNINGS = [
    row
    for number in (3, 4, 5, 6)
    for row in map(json.loads, (DATA / f"caveats-fresh{number}.jsonl").read_text("utf-8").splitlines())
    if row["claim"] == "harm"
]


@pytest.mark.parametrize("code", ["en", "it"])
def test_most_passages_that_only_warn_are_not_blamed_for_missing_evidence(code: str) -> None:
    """Leaflets, forums, news, guidelines and case reports: what is still wrong is told in docs/caveats.md."""
    rows = [row for row in LABELLED_WARNINGS if row["lang"] == code]
    blamed = {"uncited_claim", "unnamed_studies", "absolute_safety"}
    wrong = [row["id"] for row in rows if blamed & set(kinds(assess(row["text"], code)))]
    assert len(rows) >= 30
    assert len(wrong) <= len(rows) * 0.1, wrong


def test_animals_or_cells_for_a_benefit_and_nobody_human_lack_human_evidence() -> None:
    text = (
        "Broccoli could be good for more than your waistline. Sulforaphane was added to human cartilage cells in "
        "culture, and they produced less of the enzymes that break the tissue down. Mice that ate a diet rich in it "
        "had less wear in their knees than mice that didn't. A small trial in patients waiting for a knee replacement "
        "is to start next year."
    )
    assert kinds(assess(text)) == ["animal_evidence", "laboratory_evidence"]


def test_of_animals_and_their_cells_only_the_animals_are_told() -> None:
    text = (
        "A pill that protects hearing may be a step closer. In zebrafish larvae, whose skin carries the same kind of "
        "hair cells as our inner ear, a molecule kept the cells alive when gentamicin was added to the water. It then "
        "did the same in rats. Tests in people are at least two years off."
    )
    assert kinds(assess(text)) == ["animal_evidence"]


DENIED = [
    "Il trattamento non è privo di effetti indesiderati.",
    "The treatment is not without side effects.",
    "Nessun farmaco è senza rischi.",
    "No drug is free of risk.",
    "It is not risk-free.",
    "Non è esente da controindicazioni.",
    "Non è vero che non ha effetti collaterali.",
    "Natural does not mean free of side effects.",
    "Naturale non significa senza effetti collaterali.",
    "There is no such thing as a drug without side effects.",
    "Kratom is not free from the risk of addiction.",
    "Nobody can promise you no side effects.",
    "Non si può dire che sia senza rischi.",
]
PROMISED = [
    "È completamente naturale, senza effetti collaterali e senza rischi.",
    "It has no side effects and no risk of addiction.",
    "100% safe, no side effects.",
    "Privo di controindicazioni e di effetti indesiderati, allevia il dolore.",
    "Relieves pain without any side effects or addiction.",
    "Non crea dipendenza e non ha controindicazioni.",
]


@pytest.mark.parametrize(
    ("text", "promises"), [*((text, False) for text in DENIED), *((text, True) for text in PROMISED)]
)
def test_absolute_safety_reads_negation(text: str, promises: bool) -> None:
    assert ("absolute_safety" in kinds(assess(text))) == promises


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "magnesio",
        "kratom",
        "CURE",
        "😀",
        "😀😀😀 🎉",
        "12345",
        "???",
        "…",
        "x" * 12_000,
        "Titolo",
        "Le magnésium est un minéral qui aide les nerfs, selon une étude publiée en 2019 dans une revue.",
        "Magnesium ist gut für die Nerven und hilft gegen Schmerzen, wie viele Studien zeigen.",
        "El magnesio alivia el dolor sin efectos secundarios, según los estudios de la universidad.",
        "Помогает ли магний при боли в нервах? Да, говорят врачи.",
    ],
)
def test_odd_texts_get_the_neutral_labels(text: str) -> None:
    assert assess(text) == Assessment(None)


@pytest.mark.parametrize(
    "text",
    [
        "Clicca qui per leggere l'articolo originale.",
        "Click here to read the paper.",
        "The sciatic nerve runs from the lower back to the foot.",
        "Il nervo sciatico parte dalla schiena e arriva al piede.",
        "Call your doctor if the pain gets worse.",
        "Chiama il medico se il dolore peggiora.",
        "IL NERVO SCIATICO PARTE DALLA SCHIENA E ARRIVA AL PIEDE.",
    ],
)
def test_texts_that_claim_and_sell_nothing(text: str) -> None:
    assert assess(text).language is not None
    assert kinds(assess(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il magnesio allevia il dolore nei ratti, ha mostrato uno studio su topi.", ["animal_evidence"]),
        ("In a trial of 60 women, magnesium reduced pain.", []),
        ("Buy now and save 20%: our drops relieve pain in 7 days!", ["promotional", "uncited_claim"]),
        ("Acquista ora con lo sconto del 20%: le nostre gocce tolgono il dolore!", ["promotional", "uncited_claim"]),
    ],
)
def test_capitals_change_nothing(text: str, expected: list[str]) -> None:
    assert kinds(assess(text)) == kinds(assess(text.upper())) == expected


ROWS = [*SEED.values(), *EXAMPLES]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_caveat_shows_its_words(row: dict[str, Any]) -> None:
    """Spans lie in the text, in order, apart, and whole words; only `uncited_claim` has none."""
    text = row["text"]
    assessment = assess(text, row["lang"])
    assert assessment == assess(text, row["lang"])
    assert assessment.caveats == ordered(assessment.caveats)
    for caveat in assessment.caveats:
        assert caveat.kind in LEVELS
        assert caveat.scope == "passage"
        assert bool(caveat.spans) == (caveat.kind != "uncited_claim")
        last = 0
        for span in caveat.spans:
            assert last <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == text[span.start : span.end].strip()
            assert not (text[span.start].isalpha() and text[span.start - 1 : span.start].isalpha())
            assert not (text[span.end - 1].isalpha() and text[span.end : span.end + 1].isalpha())
            last = span.end


@settings(max_examples=50)
@given(st.text(max_size=300), st.sampled_from([None, "xx", *LANGUAGES]))
def test_any_text_gets_an_assessment(text: str, code: str | None) -> None:
    assessment = assess(text, code)
    assert assessment == assess(text, code)
    assert assessment.promotional in ("sell", "tone", "none")
    assert set(assessment.evidence) <= {"human", "animal", "in_vitro", "unnamed", "uncited", "no_claim"}
    assert assessment.claim in ("benefit", "harm", "both", "none")
    assert assessment.safety in ("yes", "weak", "no")
    assert all(span.end <= len(text) for caveat in assessment.caveats for span in caveat.spans)


def test_an_unknown_code_is_as_good_as_none() -> None:
    text = "Buy now and save 20%: our drops relieve pain in 7 days!"
    assert assess(text, "xx") == assess(text) == assess(text, "en")


def test_a_medley_of_two_languages_is_assessed_once() -> None:
    text = "Il magnesio allevia il dolore. Magnesium reduced pain in rats."
    assert kinds(assess(text)) == kinds(assess(text, assess(text).language))
