"""Follow-ups: only an elliptical question takes a topic over."""

import pytest

from qa.answering.answerer import Answerer
from qa.answering.followup import points_back

MAGNESIUM = "Il magnesio aiuta contro la sciatica?"
KETAMINE = "Does ketamine help with fibromyalgia?"
KRATOM = "Is kratom addictive?"


def searched(answerer: Answerer, question: str, history: list[str]) -> set[str]:
    return set(answerer.ask(question, history=history).interpreted.lower().split())


@pytest.mark.parametrize(
    ("history", "question", "carried"),
    [
        ([MAGNESIUM], "e gli effetti collaterali?", {"magnesio"}),
        ([KETAMINE], "and how long does it take?", {"ketamine"}),
        ([MAGNESIUM], "What about in people?", {"magnesio"}),  # a change of language in mid-conversation
        ([KRATOM], "perché?", {"kratom"}),
        ([KRATOM], "why?", {"kratom"}),
        ([MAGNESIUM, "e gli effetti collaterali?"], "e per la fibromialgia?", {"magnesio", "fibromialgia"}),
        ([KETAMINE, MAGNESIUM], "e gli effetti collaterali?", {"magnesio"}),  # the last topic, not the first
    ],
)
def test_what_is_carried(answerer: Answerer, history: list[str], question: str, carried: set[str]) -> None:
    assert carried <= searched(answerer, question, history)


TOPICS = {"magnesio", "sciatica", "ketamine", "fibromyalgia", "kratom"}


@pytest.mark.parametrize(
    ("history", "question", "searched_for"),
    [
        ([KETAMINE], KRATOM, {"kratom"}),  # a change of topic
        ([KETAMINE, MAGNESIUM], KRATOM, {"kratom"}),
        ([KETAMINE, MAGNESIUM], "e gli effetti collaterali?", {"magnesio", "sciatica"}),
        ([], "e gli effetti collaterali?", set()),
        (["ciao"], KRATOM, {"kratom"}),
        pytest.param(
            ["Il kratom è sicuro?"],
            "Quanto costa la mesoterapia?",
            set(),
        ),
    ],
)
def test_what_is_not_carried(answerer: Answerer, history: list[str], question: str, searched_for: set[str]) -> None:
    assert searched(answerer, question, history) & TOPICS == searched_for


def test_what_is_carried_weighs_no_more_than_the_question(answerer: Answerer) -> None:
    alone = {c.text: c.weight for c in answerer.query(MAGNESIUM, "it").concepts}
    carried = {c.text: c.weight for c in answerer.query("e gli effetti collaterali?", "it", [MAGNESIUM]).concepts}
    assert all(carried[text] <= alone[text] for text in alone.keys() & carried.keys())


def test_a_full_question_is_the_same_in_any_conversation(answerer: Answerer) -> None:
    assert answerer.query(KRATOM, "en", [MAGNESIUM, KETAMINE]) == answerer.query(KRATOM, "en")


def test_greetings_of_the_conversation_carry_nothing(answerer: Answerer) -> None:
    assert answerer.ask("grazie", history=[MAGNESIUM]).reason == "thanks"


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("e gli effetti collaterali?", True),
        ("what about children?", True),
        ("ma l'hanno provato sulle persone?", True),
        pytest.param("Il magnesio aiuta contro la sciatica?", False),
        pytest.param("La mesoterapia fa male?", False),
        ("Il magnesio fa male?", False),
        ("Does ketamine help with fibromyalgia?", False),
        ("kratom", False),
        ("", False),
    ],
)
def test_points_back(question: str, back: bool) -> None:
    assert points_back(question, None) == back
