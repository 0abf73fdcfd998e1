"""The states of the pages that every check of their looks goes through, each reached as a person would."""

from collections.abc import Callable

from tests.browser.visit import Visit

QUESTIONS = {"it": "Il magnesio aiuta contro la sciatica?", "en": "Is kratom addictive?"}
FOLLOW_UPS = {"it": "e per la fibromialgia?", "en": "and is it safe?"}
UNKNOWN = {"it": "Come si coltivano i pomodori in balcone?", "en": "Who won the football championship?"}
URGENT = {"it": "Ho preso venti pastiglie e non respiro", "en": "I took twenty pills and can't breathe"}
ADVERT = "Studies show that our natural drops relieve pain in mice with no side effects at all. Order now!"


def empty(visit: Visit, language: str) -> None:
    """The chat before the first question."""
    visit.page.goto("/")


def answered(visit: Visit, language: str) -> None:
    """An answer with all that folds open."""
    visit.page.goto("/")
    visit.ask(QUESTIONS[language])
    for summary in visit.page.locator("details > summary").all():
        summary.click()


def follow_up(visit: Visit, language: str) -> None:
    """The second turn of a conversation."""
    visit.page.goto("/")
    visit.ask(QUESTIONS[language])
    visit.ask(FOLLOW_UPS[language])


def not_found(visit: Visit, language: str) -> None:
    """A question that no text answers."""
    visit.page.goto("/")
    visit.ask(UNKNOWN[language])


def urgent(visit: Visit, language: str) -> None:
    """A question that calls for help, whatever is found."""
    visit.page.goto("/")
    visit.ask(URGENT[language])


def error(visit: Visit, language: str) -> None:
    """A question that is too long."""
    visit.page.goto("/")
    visit.page.fill("#question", "x" * 1001)
    visit.page.press("#question", "Enter")
    visit.page.locator("#error:not(:empty)").wait_for()


def document(visit: Visit, language: str) -> None:
    """A text whole, at one of its passages."""
    visit.page.goto("/documents/it/magnesio-e-dolore-ai-nervi#p2")


def gone(visit: Visit, language: str) -> None:
    """A text that is not there."""
    visit.page.goto("/documents/it/no-such-text")


def shared(visit: Visit, language: str) -> None:
    """Passages that a link names, one of them gone."""
    visit.page.goto("/passages?p=it/magnesio-e-dolore-ai-nervi%234&p=it/no-such-text%231")


def check(visit: Visit, language: str) -> None:
    """A text pasted, with its labels."""
    visit.page.goto("/check")
    visit.page.fill("#text", ADVERT)
    visit.page.click("#check button")
    visit.page.locator("#result").wait_for()


def corpus(visit: Visit, language: str) -> None:
    """The list of texts."""
    visit.page.goto("/documents")


def lessons(visit: Visit, language: str) -> None:
    """How to read these texts."""
    visit.page.goto("/how-to-read#promotional")


STATES: tuple[Callable[[Visit, str], None], ...] = (
    empty,
    answered,
    follow_up,
    not_found,
    urgent,
    error,
    document,
    gone,
    shared,
    check,
    corpus,
    lessons,
)
