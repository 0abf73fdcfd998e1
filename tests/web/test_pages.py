"""The pages: what they hold, that nothing in them is left unescaped, and that nothing comes from elsewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answerer
from tests.web.zinc import BROWSER
from web.negotiation import FRAGMENT

PAGES = ["/", "/documents", "/documents/it/mesoterapia-antalgica", "/check", "/how-to-read", "/nope", "/documents/x"]
ZINC_PAGES = ["/", "/documents", "/documents/tricky", "/documents/shop/zinc%20drops", "/passages?p=tricky%231"]


class Tags(HTMLParser):
    """The start tags of a page, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def ask(client: FlaskClient, question: str, language: str = "en") -> str:
    return client.post(f"/ask?lang={language}", data={"question": question}, headers=BROWSER).text


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_keeps_to_itself(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(path, headers={**BROWSER, "Accept-Language": language}).text
    tags = Tags(page).tags
    assert ("html", {"lang": language}) in tags
    assert sum(tag == "h1" for tag, _ in tags) == 1
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in tags:
        assert "style" not in attrs and not any(name.startswith("on") for name in attrs)
        for name in ("src", "href", "action", "srcset", "data"):
            address = attrs.get(name) or "/"
            assert address.startswith(("/", "#")) and not address.startswith("//"), (tag, address)


@pytest.mark.parametrize("path", [*ZINC_PAGES, "ask"])
def test_hostile_texts_stay_text(zinc_client: FlaskClient, path: str) -> None:
    page = ask(zinc_client, "zinc") if path == "ask" else zinc_client.get(path, headers=BROWSER).text
    tags = Tags(page).tags
    allowed = {"/static/fonte.js"}
    assert all(attrs.get("src") in allowed for tag, attrs in tags if tag == "script")
    assert not any(tag == "img" for tag, _ in tags)
    assert not any("javascript:" in (value or "") for _, attrs in tags for value in attrs.values())
    if path in ("ask", "/documents/tricky", "/passages?p=tricky%231"):
        text = Tags(page).text
        assert "<script>alert(1)</script>" in text
        assert "<img src=x onerror=alert(2)> ]]>" in text


def test_a_direction_control_is_boxed_and_named(zinc_client: FlaskClient) -> None:
    page = zinc_client.get("/passages?p=tricky%231", headers=BROWSER).text
    assert '<bdi class="control" data-code="U+202E">\u202e</bdi>' in page
    loose = page.replace('<bdi class="control" data-code="U+202E">\u202e</bdi>', "")
    assert "\u202e" not in loose.replace("<bdi>Tricky \u202etitle</bdi>", "")


@pytest.mark.parametrize("question", ["<script>alert(7)</script>", '"><img src=x onerror=alert(8)>', "a]]>b & c"])
def test_a_hostile_question_stays_text(zinc_client: FlaskClient, question: str) -> None:
    for page in (ask(zinc_client, question), ask(zinc_client, question + "y" * 1001)):
        tags = Tags(page).tags
        assert not any(tag == "img" for tag, _ in tags)
        assert sum(tag == "script" for tag, _ in tags) == 1
        assert question in Tags(page).text


def test_caveats_stand_before_the_quotation(zinc_client: FlaskClient) -> None:
    page = ask(zinc_client, "Do zinc drops calm itching?")
    passage = re.search(r'<div class="passage" data-id="shop/zinc drops#1">.*?</figure>', page, re.S)
    assert passage
    part = passage.group()
    quotation = part.index("<blockquote")
    for kind in ("Absolute safety promise", "Promotional text", "Animal studies, not people"):
        assert part.index(kind) < quotation
    assert part.count("Caution:") == 3
    assert "<q>Order the drops today</q>, <q>save ten euros</q>" in part
    assert "Set automatically; it can be wrong." in part
    assert "<u>save ten euros</u>" in part
    assert "Ann &amp; Co" in part and "May 2021" in part


def test_a_second_caveat_on_one_question_folds(zinc_client: FlaskClient) -> None:
    """`promotional` and `one_sided` both tell of selling: the first is open, the second folded."""
    page = zinc_client.get("/passages?p=shop/zinc%20drops%231&lang=en", headers=BROWSER).text
    shown, _, folded = page.split("<blockquote")[0].partition('<details class="more">')
    assert "Promotional text" in shown and "Absolute safety promise" in shown and "Animal studies" in shown
    assert "Praise without drawbacks" not in shown
    assert "Praise without drawbacks" in folded


def test_a_note_on_every_passage_is_said_once(zinc_client: FlaskClient) -> None:
    page = ask(zinc_client, "zinc itching")
    assert page.count('data-id="') == 3
    assert page.count("Praise without drawbacks") == 1
    assert "For all of these passages:" in page
    assert page.index("For all of these passages:") < page.index('data-id="')


def test_near_misses_are_no_answer(zinc_client: FlaskClient) -> None:
    page = ask(zinc_client, "Does copper calm itching elbows?")
    assert "I could not find this in the corpus." in page
    assert "Nearby passages, not an answer" in page
    assert page.index("Nearby passages, not an answer") < page.index('data-id="')


def test_an_alert_stands_above_the_answer(client: FlaskClient) -> None:
    page = ask(client, "Can I stop taking my painkillers and use kratom instead?")
    if 'class="alert medicine"' not in page:
        pytest.skip("the alert cues do not know this question")
    assert page.index('class="alert medicine"') < page.index('class="summary"')


def test_a_permalink_names_passages_and_never_the_question(zinc_client: FlaskClient) -> None:
    page = ask(zinc_client, "Do zinc drops calm itching?")
    link = re.search(r'href="(/passages\?[^"]+)"', page)
    assert link
    address = link.group(1).replace("&amp;", "&")
    assert "calm" not in address.replace("zinc%20drops", "").replace("zinc+drops", "")
    shared = zinc_client.get(address, headers=BROWSER)
    assert shared.status_code == 200
    assert "calm itching?" not in shared.text
    assert 'data-id="shop/zinc drops#1"' in shared.text


def test_a_permalink_says_which_passages_are_gone(client: FlaskClient) -> None:
    here, gone = "it/mesoterapia-antalgica#1", "it/mesoterapia-antalgica#999"
    page = client.get(f"/passages?p={quote(here)}&p={quote(gone)}&lang=en", headers=BROWSER)
    assert page.status_code == 200
    assert "This passage is no longer here:" in page.text
    assert gone in page.text
    assert f'data-id="{here}"' in page.text
    nothing = client.get(f"/passages?p={quote(gone)}&lang=it", headers=BROWSER)
    assert nothing.status_code == 404
    assert "Questo brano non c’è più:" in nothing.text
    assert 'action="/ask?lang=it"' in nothing.text


def test_examples_and_follow_ups_come_from_the_corpus(zinc_client: FlaskClient) -> None:
    start = zinc_client.get("/", headers=BROWSER).text
    for question in ("How are zinc dressings changed?", "Do zinc drops calm itching?"):
        assert f'value="{question}"' in start
    assert "Who won the cup?" not in start
    after = ask(zinc_client, "Do zinc drops calm itching?")
    assert 'value="How are zinc dressings changed?"' in after
    assert '<button class="quiet" name="question" value="Do zinc drops calm itching?"' not in after


def test_the_language_asked_for_stays_in_every_link(client: FlaskClient) -> None:
    page = client.get("/?lang=it", headers={**BROWSER, "Accept-Language": "en"}).text
    links = [attrs["href"] or "" for tag, attrs in Tags(page).tags if tag == "a"]
    inside = [link for link in links if link.startswith("/") and link != "/docs"]
    assert len(inside) >= 5
    assert all("lang=" in link for link in inside)
    assert "Read this page in English" in page


@pytest.mark.parametrize(
    ("accept", "language"), [("it", "it"), ("it-CH,en;q=0.9", "it"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_the_interface_follows_the_browser(client: FlaskClient, accept: str, language: str) -> None:
    assert f'<html lang="{language}">' in client.get("/", headers={"Accept-Language": accept}).text


def test_an_unknown_language_in_the_address_is_ignored(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/?lang=%3Cb%3E").text


def test_the_log_is_there_and_empty(client: FlaskClient) -> None:
    assert re.search(r'<div id="log" role="log" aria-label="[^"]+"></div>', client.get("/").text)


def test_the_fragment_is_the_pages_own(zinc_client: FlaskClient) -> None:
    """One template: what the script inserts is what the page shows, but for the hidden history."""
    part = zinc_client.post("/ask?lang=en", data={"question": "zinc"}, headers={"Accept": FRAGMENT}).text.strip()
    page = re.sub(r'<input type="hidden" name="history"[^>]*>', "", ask(zinc_client, "zinc"))
    assert part in page


def test_a_page_is_light(client: FlaskClient, shipped: Answerer) -> None:
    """Everything a page loads, before compression; of a document's page, what it adds to the document."""
    for path in ("/", "/documents", "/check", "/how-to-read"):
        assert weight(client, client.get(path).text) < 40_000, path
    for document in shipped.corpus.documents:
        own = len(document.text.encode())
        assert weight(client, client.get(f"/documents/{document.id}").text) - own < 40_000, document.id
    for question in (
        "Il magnesio aiuta contro la sciatica?",
        "is kratom better than opioids for diabetes nerve pain and can I reduce my prescription medications with it",
        "come si fa la mesoterapia antalgica e per quali patologie è indicata nel dolore ai nervi secondo il medico",
    ):
        assert weight(client, client.post("/ask", data={"question": question}).text) < 40_000, question


def weight(client: FlaskClient, page: str) -> int:
    total = len(page.encode())
    for path in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)):
        with client.get(path) as response:
            total += len(response.data)
    return total


@pytest.mark.parametrize(
    ("method", "path", "form", "link", "current"),
    [
        ("get", "/", {}, "/", "page"),
        ("post", "/ask", {"question": "zinc"}, "/", "true"),
        ("get", "/documents/it/mesoterapia-antalgica", {}, "/documents", "true"),
        ("get", "/check", {}, "/check", "page"),
        ("post", "/assess", {"text": "Order now!"}, "/check", "true"),
    ],
)
def test_the_way_back_is_marked(
    client: FlaskClient, method: str, path: str, form: dict[str, str], link: str, current: str
) -> None:
    page = client.open(path, method=method.upper(), data=form or None, headers={"Accept": "text/html"}).text
    assert re.findall(r'<a href="([^"]*)" aria-current="(\w+)"', page) == [(link, current)]
