"""Words that look alike across languages, and mistyped ones: pairs that must meet and pairs that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.analysis import stem
from qa.language.cognates import Alike, LookAlikes, Spellings, skeleton

MUST = [
    ("amitriptyline", "amitriptilina"),
    ("neuropathy", "neuropatia"),
    ("polyneuropathy", "polineuropatia"),
    ("ketamine", "chetamina"),
    ("magnesium", "magnesio"),
    ("hypertension", "ipertensione"),
    ("oxygen", "ossigeno"),
    ("analgesic", "analgesico"),
    ("receptor", "recettore"),
    ("therapy", "terapia"),
    ("mesotherapy", "mesoterapia"),
    ("diarrhea", "diarrea"),
    ("anesthetic", "anestetico"),
    ("glutamate", "glutammato"),
    ("opioid", "oppioide"),
    ("schizophrenia", "schizofrenia"),
    ("rheumatism", "reumatismo"),
    ("fibromyalgia", "fibromialgia"),
    ("capsaicin", "capsaicina"),
    ("duloxetine", "duloxetina"),
]
MUST_NOT = [
    ("cold", "caldo"),
    ("nerve", "neve"),
    ("muscle", "musica"),
    ("kratom", "atomo"),
    ("pain", "pane"),
    ("dose", "dono"),
    ("liver", "libro"),
    ("heart", "arte"),
    ("nausea", "navi"),
    ("study", "stadio"),
    ("library", "libertà"),
    ("kidney", "chimica"),
    ("shoulder", "soldato"),
    ("headache", "edicola"),
    ("doctor", "dottrina"),
]


def alike(left: str, right: str) -> list[str]:
    return [found.word for found in LookAlikes([stem(right, "it")]).like(stem(left, "en"))]


@pytest.mark.parametrize(("left", "right"), MUST)
def test_cognates_meet(left: str, right: str) -> None:
    assert alike(left, right) == [stem(right, "it")]


@pytest.mark.parametrize(("left", "right"), MUST_NOT)
def test_strangers_do_not(left: str, right: str) -> None:
    assert alike(left, right) == []


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("chetamina", "ketamine"),
        ("azione", "action"),
        ("autumn", "autunno"),
        ("hospital", "ospital"),
        ("é", "e"),
    ],
)
def test_the_skeleton_undoes_regular_differences(word: str, other: str) -> None:
    assert skeleton(word) == skeleton(other)


def test_only_words_of_the_vocabulary_are_found_the_most_alike_first() -> None:
    vocabulary = ["neuropat", "neuropatolog", "polineuropat", "magnes"]
    found = LookAlikes(vocabulary).like("neuropathi")
    assert found[0].word == "neuropat"
    assert found[0].similarity == 1.0
    assert {each.word for each in found} < set(vocabulary)
    assert [each.similarity for each in found] == sorted((each.similarity for each in found), reverse=True)


@pytest.mark.parametrize(("word", "other"), [("tree", "traum"), ("soon", "sonn"), ("shot", "sott"), ("chore", "corr")])
def test_skeletons_of_two_or_three_letters_meet_by_chance(word: str, other: str) -> None:
    assert skeleton(word) == skeleton(other)
    assert LookAlikes([other]).like(word) == []
    assert LookAlikes([word]).like(word) == [Alike(word, 1.0)]


@pytest.mark.parametrize("word", ["", "ab", "abc", "12345", "a_b_c", "😀😀😀😀"])
def test_short_words_and_numbers_look_like_nothing(word: str) -> None:
    assert LookAlikes([word, "abcd"]).like(word) == []
    assert Spellings([word, "abcd"]).nearest(word) == []


SPELLED = Spellings(["fibromialgia", "magnesio", "sciatica", "ketamina", "neuropatia", "nervo", "dolore", "dolori"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fibromialga", ["fibromialgia"]),
        ("magensio", ["magnesio"]),  # two letters changed places
        ("sciattica", ["sciatica"]),
        ("neuropatai", ["neuropatia"]),
        ("fibrommiallgia", ["fibromialgia"]),  # two slips in a long word
        ("nevro", ["nervo"]),
        ("dolor", ["dolore", "dolori"]),  # both are as near
        ("nevre", []),  # two slips in a short word
        ("xolore", []),  # people get the first letter right
        ("casa", []),
        ("dol", []),
    ],
)
def test_spelling(typed: str, meant: list[str]) -> None:
    assert sorted(found.word for found in SPELLED.nearest(typed)) == meant


@given(st.text(max_size=20), st.lists(st.text(max_size=12), max_size=8))
def test_any_word_over_any_vocabulary(word: str, vocabulary: list[str]) -> None:
    for found in [*LookAlikes(vocabulary).like(word), *Spellings(vocabulary).nearest(word)]:
        assert found.word in vocabulary
        assert 0 < found.similarity <= 1


def test_equals_are_taken_in_one_order() -> None:
    """Whatever order a vocabulary comes in, and a set is gone through: two processes must give the same answers."""
    words = [f"comitte{letter}n" for letter in "bcdfghklmpqrstvz"]
    found = [LookAlikes(order).like("comitteen") for order in (words, words[::-1])]
    assert len(found[0]) == 4
    assert found[0] == found[1]
