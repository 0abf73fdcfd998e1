"""Small talk is answered in kind; what asks something of the texts is none."""

import pytest

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.answering.smalltalk import DOUBT, smalltalk

SAID = [
    ("ciao", "hello", "it"),
    ("Ciao!", "hello", "it"),
    ("CIAO", "hello", "it"),
    ("Buongiorno a tutti", "hello", "it"),
    ("come stai?", "hello", "it"),
    ("Hello there", "hello", "en"),
    ("good morning", "hello", "en"),
    ("How are you?", "hello", "en"),
    ("grazie", "thanks", "it"),
    ("Grazie mille!!! 😀", "thanks", "it"),
    ("Ti ringrazio", "thanks", "it"),
    ("thanks a lot", "thanks", "en"),
    ("cheers mate", "thanks", "en"),
    ("Thank you so much for your help", "thanks", "en"),
    ("arrivederci", "goodbye", "it"),
    ("a presto!", "goodbye", "it"),
    ("Bye bye", "goodbye", "en"),
    ("Thanks, that's all!", "thanks", "en"),
    ("Thanks, that is all", "thanks", "en"),
    ("No, that's all", "thanks", "en"),
    ("No thanks, that is all I needed to know", "thanks", "en"),
    ("Perfect, that's all I needed", "thanks", "en"),
    ("No more questions, bye", "thanks", "en"),
    ("Grazie, è tutto", "thanks", "it"),
    ("grazie, basta così", "thanks", "it"),
    ("ok grazie, a posto così", "thanks", "it"),
    ("No, nient'altro, grazie", "thanks", "it"),
    ("sono a posto, grazie mille", "thanks", "it"),
    ("What was my first question?", "memory", "en"),
    ("What did I ask you before?", "memory", "en"),
    ("do you keep my questions", "memory", "en"),
    ("Is this chat private?", "memory", "en"),
    ("Qual era la mia prima domanda?", "memory", "it"),
    ("cosa ti ho chiesto prima?", "memory", "it"),
    ("Conservi le mie domande?", "memory", "it"),
    ("That's not what I asked", "amiss", "en"),
    ("no, you didn't answer my question", "amiss", "en"),
    ("Non è quello che ho chiesto", "amiss", "it"),
    ("non hai risposto alla mia domanda", "amiss", "it"),
    ("Can you answer in Italian?", "wording", "en"),
    ("Translate it please", "wording", "en"),
    ("Could you summarise that?", "wording", "en"),
    ("Puoi rispondere in inglese?", "wording", "it"),
    ("Traducilo", "wording", "it"),
    ("me lo riassumi?", "wording", "it"),
    ("Who wrote this?", "sources", "en"),
    ("What are your sources?", "sources", "en"),
    ("Chi l'ha scritto?", "sources", "it"),
    ("quali sono le tue fonti?", "sources", "it"),
    ("Hi, who are you?", "about", "en"),
    ("Are you a doctor?", "about", "en"),
    ("What can you do?", "about", "en"),
    ("Ciao, chi sei?", "about", "it"),
    ("Sei un medico?", "about", "it"),
]
DOUBTS = [
    ("Are you sure?", "en"),
    ("But are you really sure?", "en"),
    ("Are you certain about that?", "en"),
    ("Really?", "en"),
    ("Is that true?", "en"),
    ("Ok, are you sure?", "en"),
    ("Thanks, but are you sure?", "en"),
    ("Grazie, ma sei sicuro?", "it"),
    ("Sei sicuro?", "it"),
    ("Ne sei certo?", "it"),
    ("ma ne siete proprio sicuri?", "it"),
    ("Sicura?", "it"),
    ("Davvero?", "it"),
    ("È vero?", "it"),
]
ASKED = [
    "Ciao, il magnesio aiuta?",
    "Hello, does kratom work?",
    "Grazie, e gli effetti collaterali?",
    "thanks, and how long does it take",
    "Addio gonfiore con questa tisana",
    "Le tre Grazie di Canova",
    "Highly diluted drops",
    "That's all the evidence there is?",
    "Is that all it does?",
    "Is that enough for sciatica?",
    "Perfect for back pain?",
    "No more pain with kratom?",
    "Nothing else helps, does ketamine?",
    "What was the first question of the study?",
    "What did they ask the patients?",
    "Do you keep magnesium in the fridge?",
    "Is that not what they measured?",
    "Why did they not answer?",
    "Is the wrong dose dangerous?",
    "Can you take it with English tea?",
    "Does pain relief translate into better sleep?",
    "Who wrote the guideline?",
    "What are the sources of magnesium?",
    "Where do you get kratom from?",
    "What can I do about sciatica?",
    "What can I do?",
    "What are its sources?",
    "Quali sono le sue fonti?",
    "How does it work?",
    "How does mesotherapy work?",
    "Are you a doctor who uses kratom?",
    "Are you sure magnesium helps?",
    "Is it safe?",
    "Is that true of rats?",
    "Sure sign of neuropathy?",
    "È tutto vero?",
    "È tutto qui quello che fa?",
    "Basta una compressa?",
    "A posto della pillola?",
    "Perfetto per il mal di schiena?",
    "Niente altro aiuta, la ketamina sì?",
    "Nessun effetto?",
    "Qual era la prima domanda dello studio?",
    "Che cosa hanno chiesto ai pazienti?",
    "Come si conserva il magnesio?",
    "Non è quello che misuravano?",
    "Perché non risponde alla terapia?",
    "La risposta alla dose sbagliata qual è?",
    "Come si dice in inglese mesoterapia?",
    "Puoi prenderlo in Italia?",
    "Chi ha scritto la linea guida?",
    "Quali sono le fonti di magnesio?",
    "Da dove viene il kratom?",
    "Che cosa posso fare contro la sciatica?",
    "Come funziona?",
    "Come funziona la mesoterapia?",
    "Sei un medico che usa il kratom?",
    "Il kratom è sicuro?",
    "È sicuro?",
    "Sei sicuro che il magnesio serva?",
    "È vero nei topi?",
    "Sei settimane bastano?",
    "magnesio",
    "ciao " * 20,
    "",
    "😀",
    "?",
]


@pytest.mark.parametrize(("text", "kind", "code"), SAID)
def test_smalltalk_is_answered_in_kind(answerer: Answerer, text: str, kind: str, code: str) -> None:
    assert smalltalk(text) == (kind, code)
    answer = answerer.ask(text)
    assert (answer.reason, answer.language, answer.passages, answer.answered) == (kind, code, (), False)
    assert answerer.ask(text, language="en").language == "en"  # the interface's words


@pytest.mark.parametrize("text", ASKED)
def test_questions(text: str) -> None:
    assert smalltalk(text) is None


@pytest.mark.parametrize(("text", "code"), DOUBTS)
def test_a_doubt_asks_again_what_was_asked(answerer: Answerer, text: str, code: str) -> None:
    asked = "Il magnesio aiuta contro la sciatica?"
    assert smalltalk(text) == (DOUBT, code)
    alone = answerer.ask(text)
    assert (alone.reason, alone.language, alone.passages) == ("nothing_to_search", code, ())
    first, again = answerer.ask(asked), answerer.ask(text, history=[asked])
    assert (again.answered, again.language, again.interpreted) == (True, code, first.interpreted)
    assert {each.passage.id for each in again.passages} == {each.passage.id for each in first.passages}


def test_a_doubt_after_mere_talk_has_nothing_to_ask(answerer: Answerer) -> None:
    assert answerer.ask("Sei sicuro?", history=["ciao"]).reason == "nothing_to_search"


def test_talk_in_between_leaves_no_trace(answerer: Answerer) -> None:
    asked, then = "Il magnesio aiuta contro la sciatica?", "e gli effetti collaterali?"
    talk = ["Grazie, è tutto", "Qual era la mia prima domanda?", "Sei sicuro?"]
    with_talk = answerer.ask(then, history=[asked, *talk])
    assert with_talk.interpreted == answerer.ask(then, history=[asked]).interpreted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("What was my first question?", "I keep no question"),
        ("Qual era la mia prima domanda?", "Non conservo nessuna domanda"),
        ("Translate it", "I translate, shorten and explain nothing. You can ask in these languages: English"),
        ("Traducilo", "non traduco, non abbrevio e non spiego niente"),
        ("Sei un medico?", "un programma e non un medico"),
        ("Who wrote this?", "author and date"),
        ("Non è quello che ho chiesto", "Chiedi di nuovo con altre parole"),
    ],
)
def test_replies_are_true_of_the_program(answerer: Answerer, text: str, told: str) -> None:
    body = answer_json(answerer.ask(text, history=["Does magnesium help with sciatica?"]))
    assert told in body["message"]
    assert "{" not in body["message"]
    assert (body["answered"], body["passages"], body["alert"]) == (False, [], None)
