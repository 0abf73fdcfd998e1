"""What stays in working memory of what was asked: single words, of a limited length and number, and no question."""

import gc
import http.client
import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from qa.answering.answerer import Answerer
from qa.language.tokens import LONGEST
from tests.serving import Serving
from tests.web.zinc import BROWSER

WORDS = ("bilbyberry", "numbatgrass", "ludmilla", "pottoroo")
FORM = "application/x-www-form-urlencoded"


def held(part: str) -> list[str]:
    """Every string with this in it that any object of the process holds."""
    gc.collect()
    return [text for each in gc.get_objects() for text in _strings(each) if part in text.lower()]


def _strings(holder: object, depth: int = 0) -> Iterator[str]:
    for each in gc.get_referents(holder):
        if isinstance(each, str):
            yield each
        elif not gc.is_tracked(each) and depth < 6:  # tuples of strings and the like
            yield from _strings(each, depth + 1)


def send(address: str, question: str) -> None:
    """Asks in every way, and checks it as a text; wrong requests too."""
    every: list[tuple[str, str, str]] = [
        ("/ask", json.dumps({"question": question, "history": [question]}), "application/json"),
        ("/ask", urlencode({"question": question}), FORM),
        ("/ask", urlencode({"question": question, "limit": "no"}), FORM),
        ("/ask", json.dumps({"question": question, "colour": question}), "application/json"),
        ("/assess", json.dumps({"text": question * 3}), "application/json"),
        ("/assess", urlencode({"text": question * 3}), FORM),
    ]
    for path, body, kind in every:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        connection.request("POST", path, body, {"Content-Type": kind} | (BROWSER if kind == FORM else {}))
        assert connection.getresponse().read()
        connection.close()


def test_no_question_stays_in_memory(shipped: Answerer) -> None:
    with Serving(shipped) as address:
        send(address, " ".join(("Does the tea with", *WORDS, "and magnesium help against the pain in the legs?")))
        until = time.monotonic() + 30
        while (kept := [text for text in held(WORDS[0]) if WORDS[1] in text]) and time.monotonic() < until:
            time.sleep(0.1)  # a connection is let go in one of the next turns of the loop
        assert kept == []
        assert len(held(WORDS[0])) > 0  # the search does find what there is: at least WORDS itself


def test_no_word_of_any_length_stays_in_memory(shipped: Answerer) -> None:
    with Serving(shipped) as address:
        send(address, "Does the study of the patients say that the " + "wallabygrass" * 50 + " helps against the pain?")
        until = time.monotonic() + 30
        while (longest := max(map(len, held("wallabygrasswallabygrass")), default=0)) > 2 * LONGEST:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
        assert LONGEST <= longest <= 2 * LONGEST  # a search for it may add some signs
