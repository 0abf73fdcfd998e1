"""Follow-ups: only an elliptical question takes a topic over."""

import pytest

from qa.answering.answerer import Answerer
from qa.answering.ellipsis import points_back

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
        ([MAGNESIUM], "What is in kratom that makes it work?", {"kratom"}),  # "it" is the kratom of the same question
        pytest.param(
            ["Il kratom è sicuro?"],
            "Quanto costa la mesoterapia?",
            set(),
        ),
    ],
)
def test_what_is_not_carried(answerer: Answerer, history: list[str], question: str, searched_for: set[str]) -> None:
    assert searched(answerer, question, history) & TOPICS == searched_for


@pytest.mark.parametrize(
    ("history", "question", "answered"),
    [
        (["Quanto costa la mesoterapia?"], "e la ketamina?", False),  # the price again, of another thing
        (["how much does mesotherapy cost?"], "and ketamine?", False),
        (["Is kratom legal in Italy?"], "what about magnesium?", False),
        (["Quanto costa la mesoterapia?", "e il kratom?"], "e la ketamina?", False),
        (["Quanto costa la mesoterapia?"], "e quante sedute servono?", True),  # another fact, which a text tells
        (["how much does mesotherapy cost?"], "ok but how is it done?", True),
        ([MAGNESIUM], "e per la fibromialgia?", True),
        (["What are the side effects of magnesium?"], "OK, something else: how do I descale a kettle?", False),
        (["Il kratom è una pianta?"], "E i gerani ogni quanto si annaffiano?", False),
        (["Is kratom legal in Italy?"], "are you sure?", False),  # asks the same again
        (["How much is mesotherapy?"], "roughly?", False),
        (["Quanto costa la mesoterapia?"], "è tanto?", False),
        (["Is kratom legal?"], "why not?", False),
        (["Which drug is combined with magnesium for fibromyalgia?"], "How much does Glucontrol cost?", False),
        pytest.param(
            ["Il kratom è legale?"],
            "anche se è naturale?",
            False,
            marks=pytest.mark.xfail(strict=True, reason="a condition with words of its own asks nothing again"),
        ),
        (["dove posso comprare il kratom?", "è legale?"], "ma a cosa serve?", True),  # asks something of its own
        (["how much does mesotherapy cost?"], "what does it do then?", True),
        (["Quanto costa la ketamina?"], "fa dormire?", True),
        (["mesoterapia per il mal di schiena"], "fa male?", True),  # a question of frame words alone
    ],
)
def test_the_fact_that_is_asked_goes_on_or_gives_way(
    answerer: Answerer, history: list[str], question: str, answered: bool
) -> None:
    assert answerer.ask(question, history=history).answered == answered


def test_what_was_asked_before_is_left_behind_by_another_question(answerer: Answerer) -> None:
    kept = answerer.ask("and for kids?", history=["is kratom safe", "what about in pregnancy?"])
    assert kept.interpreted == "kids kratom safe"
    assert "pregnancy" not in kept.missing
    alone = answerer.ask("and how long?", history=["Does gabapentin help with sciatica?"])
    assert alone.missing == ("gabapentin",)  # of an earlier question where this one has none


def test_a_name_of_its_own_is_a_subject(answerer: Answerer) -> None:
    first = answerer.ask("Which supplement causes diarrhoea?", history=[KETAMINE]).passages[0].passage
    assert first.document.id == "it/magnesio-e-dolore-ai-nervi"
    kept = answerer.ask("has anybody checked whether it is poisonous?", history=[KRATOM, "does it calm you down?"])
    assert "kratom" in kept.interpreted


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
        ("come faccio a evitarli?", True),
        ("da chi bisogna andare per farla?", True),
        ("prendendolo ogni giorno?", True),
        ("Carlo parlò di perle", False),  # no verb with a pronoun at its end
        ("", False),
    ],
)
def test_points_back(answerer: Answerer, question: str, back: bool) -> None:
    builder = answerer.retriever.builder
    assert points_back(builder.build(question, None), builder) == back
