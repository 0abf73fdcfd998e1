"""The bilingual lexicon: its form, its direction, and what it says of words that matter here."""

from collections import Counter
from itertools import combinations

import pytest

from qa.language.files import DATA, read_lines
from qa.language.registry import LANGUAGES
from qa.language.tokens import words
from qa.language.translation import Pair, lexicon_files, read_lexicon, translations, vocabulary

PAIRS = read_lexicon(DATA / "en-it.tsv")


def test_the_head_line_names_the_columns() -> None:
    for path, left, right in lexicon_files():
        assert next(read_lines(path)) == (1, f"{left}\t{right}\tweight\tnote")


def test_there_is_one_lexicon_for_each_two_languages() -> None:
    two = list(combinations(LANGUAGES, 2))
    assert [(path.name, left, right) for path, left, right in lexicon_files()] == [
        (f"{a}-{b}.tsv", a, b) for a, b in two
    ]
    assert len(PAIRS) >= 6_000


def wrong(pair: Pair) -> bool:
    cells = (pair.left, pair.right)
    return any(cell != cell.lower() or cell != " ".join(cell.split()) or not words(cell) for cell in cells)


def test_form() -> None:
    """Lower case, single blanks, a word in every cell; typographic apostrophes are not mixed with plain ones."""
    assert [pair for pair in PAIRS if wrong(pair) or "’" in pair.left + pair.right] == []


def test_no_pair_stands_twice() -> None:
    assert [pair for pair, count in Counter((p.left, p.right) for p in PAIRS).items() if count > 1] == []


def test_direction() -> None:
    """No left side holds a function word that only Italian has, no right side one that only English has."""
    english, italian = LANGUAGES["en"], LANGUAGES["it"]
    known = vocabulary("en")
    only = {
        "left": {w for w in italian.stopwords - english.stopwords - english.elisions if len(w) > 2} - known,
        "right": {w for w in english.stopwords - italian.stopwords - italian.elisions if len(w) > 2} - vocabulary("it"),
    }
    for side, foreign in only.items():
        assert len(foreign) > 20
        turned = [
            pair
            for pair in PAIRS
            if len(getattr(pair, side).split()) > 1 and foreign & set(getattr(pair, side).split())
        ]
        assert turned == []


@pytest.mark.parametrize(
    ("english", "italian"),
    [
        ("magnesium", "magnesio"),
        ("ketamine", "chetamina"),
        ("sciatica", "sciatica"),
        ("shingles", "fuoco di sant'antonio"),
        ("side effect", "effetto collaterale"),
        ("nerve", "nervo"),
        ("pain", "dolore"),
        ("needle", "ago"),
        ("feet", "piede"),  # found inflected
        ("addiction", "dipendenza"),
        ("rat", "ratto"),
        ("dose", "dose"),
        ("kidney", "rene"),
        ("doctor", "medico"),
        ("swelling", "gonfiore"),
    ],
)
def test_translations_work_in_both_directions(english: str, italian: str) -> None:
    there = {translation.text for translation in translations("en", "it").of(english)}
    back = {translation.text for translation in translations("it", "en").of(italian)}
    assert italian in there
    assert any(text in back for text in (english, "foot"))


@pytest.mark.parametrize("word", ["qwertyuiop", "", "😀", "12345"])
def test_an_unknown_word_has_none(word: str) -> None:
    assert translations("en", "it").of(word) == []


def test_a_language_has_no_lexicon_into_itself() -> None:
    assert translations("it", "it").of("magnesio") == []


def test_false_friends_are_marked() -> None:
    marked = {(pair.left, pair.right) for pair in PAIRS if pair.weight == 0}
    assert {
        ("factory", "fattoria"),
        ("pretend", "pretendere"),
        ("morbid", "morbido"),
    } <= marked
    translated = {(pair.left, pair.right) for pair in PAIRS if pair.weight}
    assert marked & translated == set()
