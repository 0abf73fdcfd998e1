"""Documents to passages: exact slices, short enough, nothing of the page around the text."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.documents.corpus import load_corpus
from qa.documents.document import Document
from qa.documents.passages import LEAST_WORDS, MOST_CHARACTERS, MOST_WORDS, Passage, headings, split
from qa.settings import SHIPPED_CORPUS

SENTENCE = "Il magnesio è un minerale che il corpo usa in molti modi, anche nei nervi."  # 15 words
LONG_LINE = " ".join([SENTENCE] * 4)


def document(text: str, **known: object) -> Document:
    return Document("d", "d.txt", text, **({"language": "it", "title": "Titolo"} | known))  # type: ignore[arg-type]


def sound(passages: list[Passage], text: str) -> bool:
    """Every promise about passages, on one text."""
    last = 0
    for ordinal, passage in enumerate(passages, 1):
        assert passage.ordinal == ordinal
        assert last <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        assert 0 < len(passage.text.split()) <= MOST_WORDS
        assert len(passage.text) <= 2 * MOST_CHARACTERS
        last = passage.end
    return True


SIGNS = ["\r\n", "\n\n", "\ufeff", "\u00a0", "e\u0301", "😀", "👩🏽‍⚕️", "\u2028", "\x0c", "\x85", "\t", "; ", ". ", "•"]
LINES = [
    "<div>\n",
    "# Titolo\n",
    "http://a.example\n",
    "Leave a Reply\n",
    SENTENCE,
    f"\n{LONG_LINE}\n",
    "parola " * 150,
    "x" * 1_500,
]
ODD = st.sampled_from(SIGNS + LINES)


@settings(max_examples=200)
@given(st.lists(ODD | st.text(max_size=30), max_size=25).map("".join), st.sampled_from(["it", "en", None]))
def test_any_text(text: str, code: str | None) -> None:
    assert sound(split(document(text, language=code)), text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\r\n", "\ufeff", "\u00a0\n", "<div>\n", "Titolo\n", "Leave a Reply\n", "https://a.example/b\n"]
)
def test_where_there_is_no_text_there_is_no_passage(text: str) -> None:
    assert split(document(text)) == []


@pytest.mark.parametrize(
    "text", ["\x1f\n", "\u2003\n", "\u3000\n\u3000\n", f"\u3000{SENTENCE}\n", "\ufeff\u200a\ufeff\n"]
)
def test_rare_blanks_are_blanks(text: str) -> None:
    assert sound(split(document(text)), text)


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("parola " * 5_000, 36),
        ("x" * 5_000 + ".", 5),  # not a single blank
        ("😀" * 5_000, 5),
        ("e\u0301" * 3_000 + "!", 5),
        ("magnesio\u00a0" * 3_000, 22),
        ("Una frase; un'altra, " * 300, 6),
        (SENTENCE * 200, 20),  # no blank between the sentences
    ],
)
def test_one_endless_line_is_cut(text: str, least: int) -> None:
    passages = split(document(text))
    assert sound(passages, text)
    assert len(passages) >= least
    assert "".join("".join(p.text.split()) for p in passages) == "".join(text.split())  # nothing is lost


def test_carriage_returns_and_byte_order_marks_shift_nothing() -> None:
    text = f"\ufeffTitolo\r\n\r\n{LONG_LINE}\r\n\r\nSezione\r\n\r\n{LONG_LINE} Fine.\r\n"
    passages = split(document(text))
    assert [(p.section, p.text) for p in passages] == [(None, LONG_LINE), ("Sezione", f"{LONG_LINE} Fine.")]
    assert sound(passages, text)


def test_repeated_sentences_keep_their_own_places() -> None:
    text = f"{LONG_LINE}\n\n{LONG_LINE}\n\n{LONG_LINE}\n"
    assert [p.start for p in split(document(text))] == [0, len(LONG_LINE) + 2, 2 * (len(LONG_LINE) + 2)]


def test_short_neighbours_are_joined_where_they_are_one_slice() -> None:
    text = f"{LONG_LINE} {SENTENCE}" + f"\n\n{SENTENCE}" * 5 + "\n"
    passages = split(document(text))
    assert [len(p.text.split()) for p in passages] == [135, 15]  # a sixth would make 150
    assert passages[0].text.count("\n\n") == 4


def test_a_passage_spans_no_heading() -> None:
    text = f"{SENTENCE}\n\nUna sezione\n\n{SENTENCE} {LONG_LINE}\n"
    assert [(p.section, len(p.text.split())) for p in split(document(text))] == [(None, 15), ("Una sezione", 75)]


def test_long_paragraphs_are_cut_where_sentences_end_in_pieces_of_about_one_length() -> None:
    text = " ".join([SENTENCE] * 21)
    passages = split(document(text))
    assert len(passages) == 3
    assert all(p.text.endswith("nervi.") and LEAST_WORDS <= len(p.text.split()) <= MOST_WORDS for p in passages)


def test_a_sentence_longer_than_a_passage_is_cut_at_its_last_semicolon_that_fits() -> None:
    text = f"{'parola ' * 100}fine; {'parola ' * 100}fine."
    first, second = split(document(text))
    assert first.text.endswith("fine;")
    assert second.text.startswith("parola")


def test_hard_wrapped_text_is_read_by_its_blank_lines() -> None:
    text = "Titolo\n\nIl magnesio è un minerale\nche il corpo usa in molti modi, anche nei\nnervi.\n\nAltro\n"
    assert [p.text.count("\n") for p in split(document(text))] == [2]


def test_a_row_of_a_beir_corpus_is_one_passage() -> None:
    text = "parola " * 500
    (passage,) = split(document(text, whole=True))
    assert (passage.start, passage.end, passage.text) == (0, len(text), text)
    assert passage.id == "d"


document_with_list = f"{LONG_LINE}\n\nPossono comparire:\n\n- nausea\n- vomito e crampi\n- diarrea\n\n{LONG_LINE}\n"


def test_the_items_of_a_list_are_text() -> None:
    found = " ".join(p.text for p in split(document(document_with_list)))
    assert all(word in found for word in ("nausea", "vomito e crampi", "diarrea"))


def test_a_line_of_thousands_of_characters_is_no_heading() -> None:
    assert split(document("x" * 5_000)) != []


# The five texts.


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[Passage]]:
    return {document.id: split(document) for document in load_corpus(SHIPPED_CORPUS).documents}


def everything(shipped: dict[str, list[Passage]]) -> Iterator[Passage]:
    for passages in shipped.values():
        yield from passages


def test_passages_of_the_shipped_texts_are_sound(shipped: dict[str, list[Passage]]) -> None:
    assert len(shipped) == 5
    for identifier, passages in shipped.items():
        stored = (SHIPPED_CORPUS / f"{identifier}.txt").read_bytes().decode("utf-8")
        assert len(passages) >= 5
        assert sound(passages, stored)
        assert all(len(p.text.split()) >= LEAST_WORDS for p in passages)


@pytest.mark.parametrize(
    "furniture",
    [
        "By Angelo Marchesi",  # byline
        "marzo 19, 2019",
        "Credito immagine",  # picture credit
        "article-image__caption-text",  # stray markup
        "Vitamine del magnesio",  # link text
        "Leave a Reply",
        "Your email address",
        "Required fields",
        "- Understanding Neuropathic Pain and Its Causes",  # list of contents
        "- Exploring Kratom",
        "- Benefits, Safety",
    ],
)
def test_page_furniture_is_in_no_passage(shipped: dict[str, list[Passage]], furniture: str) -> None:
    stored = " ".join(passages[0].document.text for passages in shipped.values())
    assert furniture in stored
    assert [p.id for p in everything(shipped) if furniture in p.text] == []


def test_the_caption_of_the_picture_is_in_no_passage(shipped: dict[str, list[Passage]]) -> None:
    assert [p.id for p in everything(shipped) if "Gli integratori di magnesio possono alleviare" in p.text] == []


def test_sections_are_the_headings_of_the_page(shipped: dict[str, list[Passage]]) -> None:
    sections = {identifier: {p.section for p in passages} for identifier, passages in shipped.items()}
    assert sections["it/magnesio-e-dolore-ai-nervi"] == {
        None,
        "Trattamento combinato per fibromialgia",
        "Terapia del dolore al nervo sciatico",
        "Potenziali effetti collaterali",
    }
    assert sections["en/magnesium-and-neuropathy"] == {None}
    assert len(sections["en/kratom-for-neuropathic-pain"]) == 4


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Potenziali effetti collaterali", True),
        ("# Titolo", True),
        ("Una frase finita.", False),
        ("Che cos'è?", False),
        ("Possono comparire:", False),
        ("2019", False),
        ("una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici", False),
        ("", False),
    ],
)
def test_headings(line: str, heading: bool) -> None:
    text = f"\n{line}\n"
    assert headings(text) == ([(1, 1 + len(line))] if heading else [])


def test_no_word_of_the_five_texts_is_lost_but_headings_and_furniture(shipped: dict[str, list[Passage]]) -> None:
    """At most one word in nine of a page is around its text."""
    for identifier, passages in shipped.items():
        kept = sum(len(p.text.split()) for p in passages)
        whole = len(re.findall(r"\S+", passages[0].document.text))
        assert kept >= whole * 8 / 9, identifier
