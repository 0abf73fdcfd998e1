"""Words to terms: the traps of elisions, accents, apostrophes and composed letters; the words that must survive."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.analysis import analyze, content_words, stem
from qa.language.registry import LANGUAGES


def terms(text: str, code: str) -> list[str]:
    return [term for term, _, _ in analyze(text, LANGUAGES[code])]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("it", "l'ipertensione", ["ipertension"]),  # Snowball alone keeps the article
        ("it", "un’infiammazione dell’umore", ["infiamm", "umor"]),
        ("it", "dall'alto, nell'uomo, d'Italia", ["alto", "uom", "ital"]),
        ("it", "po' di male", ["mal"]),
        ("it", "0,2 cc", ["0,2", "cc"]),
        ("it", "di il la", []),  # only stop words
        ("it", "c'è", []),
        ("en", "the doctor's back pain", ["doctor", "back", "pain"]),
        ("en", "It's for them", []),
        ("en", "no pain without pills", ["no", "pain", "without", "pill"]),
        ("en", "", []),
    ],
)
def test_terms(code: str, text: str, expected: list[str]) -> None:
    assert terms(text, code) == expected


CHAINED = pytest.mark.xfail(strict=True, reason="a lemma that is a form itself is not followed: dolore → dolere")

SAME = [
    ("it", "l'ipertensione", "L’IPERTENSIONE"),
    ("it", "difficoltà", "difficolta"),  # typed without the accent
    ("it", "più", "piu"),
    ("it", "città", "citta"),
    ("it", "dolore", "dolori"),
    ("it", "farmaco", "farmaci"),
    ("it", "magnesio", "MAGNESIO"),
    ("en", "café", "cafe"),
    ("en", "neuropathy", "neuropathies"),
    ("en", "child", "children"),
    ("en", "naïve", "naive"),
]


@pytest.mark.parametrize(("code", "first", "second"), SAME)
def test_spellings_of_one_word_give_one_term(code: str, first: str, second: str) -> None:
    assert terms(first, code) == terms(second, code) != []


DIFFERENT = [
    ("it", "nervo", "neve"),
    ("it", "male", "mela"),
    ("it", "magnesio", "magnete"),
    ("en", "nerve", "never"),
    ("en", "pain", "paint"),
]


@pytest.mark.parametrize(("code", "first", "second"), DIFFERENT)
def test_different_words_stay_different(code: str, first: str, second: str) -> None:
    assert terms(first, code) != terms(second, code)


@pytest.mark.parametrize("code", LANGUAGES)
@given(st.text(alphabet="aàeèéiìoòuùbcdlmnprstv'’ -", max_size=60))
def test_composed_and_decomposed_letters_give_the_same_terms(code: str, text: str) -> None:
    assert terms(unicodedata.normalize("NFD", text), code) == terms(unicodedata.normalize("NFC", text), code)


SURVIVE = {
    "it": "male bene non senza nessuno nessuna niente nulla mai uomo solo meno più troppo",
    "en": "no not without never nothing back serious well ill down less more male",
}


@pytest.mark.parametrize(
    ("code", "word"), [(code, word) for code, listed in SURVIVE.items() for word in listed.split()]
)
def test_words_that_carry_meaning_survive(code: str, word: str) -> None:
    assert terms(word, code) != []


@pytest.mark.parametrize(
    "word",
    [pytest.param(word) for word in ("perche", "puo", "cosi", "gia", "poiche", "cioe", "sara")],
)
def test_function_words_typed_without_accents_are_stop_words_too(word: str) -> None:
    assert terms(word, "it") == []


@pytest.mark.parametrize("code", LANGUAGES)
@given(st.text(max_size=200))
def test_any_text_gives_terms_with_their_places(code: str, text: str) -> None:
    last = 0
    for term, start, end in analyze(text, LANGUAGES[code]):
        assert term
        assert last <= start < end <= len(text)
        last = end


@CHAINED
def test_every_irregular_form_meets_its_lemma() -> None:
    for code, language in LANGUAGES.items():
        assert [(f, lemma) for f, lemma in language.forms.items() if stem(f, code) != stem(lemma, code)] == []


def test_content_words_keep_their_place_in_the_text() -> None:
    text = "Il dolore dell’anca"
    assert [text[token.start : token.end] for token in content_words(text, LANGUAGES["it"])] == [
        "dolore",
        "anca",
    ]
