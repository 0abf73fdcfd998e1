""" "Why this passage?" on the page: whole numbers that still add up, in the words of the interface."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from web.negotiation import FRAGMENT
from web.reasons import whole_numbers
from web.words import words_of

QUESTIONS = [
    ("en", "Does ketamine help with fibromyalgia?", ()),
    ("it", "e con la ketamina?", ("quanto dura l'effetto?",)),
    ("en", "is kratom better than opioids for diabetes nerve pain and shingles", ()),
    ("it", "Quanto costa la ketamina?", ()),  # near misses have their reasons too
]


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ([33.4, 33.3, 33.3], [34, 33, 33]),
        ([99.6, 0.4], [100, 0]),
        ([5.26, -0.27, 1.01], [5, 0, 1]),
        ([0.5, 0.5], [1, 0]),
        ([-2.6, -2.6], [-2, -3]),
        ([], []),
    ],
)
def test_whole_numbers(values: list[float], whole: list[int]) -> None:
    assert whole_numbers(values) == whole


@given(st.lists(st.floats(-1000, 1000), max_size=12))
def test_whole_numbers_add_up_and_stay_near(values: list[float]) -> None:
    rounded = whole_numbers(values)
    assert sum(rounded) == round(sum(values))
    assert all(abs(number - value) <= 1 for number, value in zip(rounded, values, strict=True))


@pytest.mark.parametrize(("code", "question", "history"), QUESTIONS)
def test_shares_and_points_add_up_on_the_page(
    client: FlaskClient, code: str, question: str, history: tuple[str, ...]
) -> None:
    form = {"question": question, "history": list(history), "language": code}
    page = client.post("/ask", data=form, headers={"Accept": FRAGMENT}).text
    told = re.findall(r'<details class="why because">.*?</details>', page, re.S)
    assert len(told) == page.count('class="passage"') > 0
    for each in told:
        assert sum(map(int, re.findall(r"<li>(\d+) %", each))) == 100
        figures = re.findall(
            r"(−?) ?[^\d−+]*?(\d+)[.,](\d)", each[each.index(words_of(code)("because.score", score="")[:5]) :]
        )
        whole, *points = [int(tens + tenth) * (-1 if sign else 1) for sign, tens, tenth in figures]
        assert sum(points) == whole


def test_what_was_asked_before_is_told(client: FlaskClient) -> None:
    form = {"question": "e con la ketamina?", "history": ["quanto dura l'effetto?"], "language": "it"}
    page = client.post("/ask", data=form, headers={"Accept": FRAGMENT}).text
    assert "Ho cercato: <bdi>ketamina</bdi>, <bdi>quanto dura l&#39;effetto</bdi>" in page
    assert "<b><bdi>quanto dura l&#39;effetto</bdi></b> (chiesto prima)" in page


def test_a_link_to_passages_has_no_reasons(client: FlaskClient) -> None:
    assert "because" not in client.get("/passages?p=it/magnesio-e-dolore-ai-nervi%234").text


def test_markup_in_a_question_shows_as_text(client: FlaskClient) -> None:
    page = client.post("/ask", data={"question": "<b>magnesio</b> <img src=x>"}).text
    assert "<img" not in page
