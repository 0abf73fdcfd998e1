"""The chat in a real browser: what the script adds to the page."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Route, expect

from tests.browser.visit import Site, Visit

QUESTION = "Do zinc drops calm itching?"


def open_chat(browser: Browser, site: Site, **options: object) -> Visit:
    visit = Visit(browser, site, **options)
    visit.page.goto("/")
    return visit


def test_a_question_of_the_issue_is_answered_with_its_caveat(browser: Browser, shipped_site: Site) -> None:
    visit = open_chat(browser, shipped_site)
    visit.ask("Is kratom addictive?")
    first = visit.page.locator(".passage").first
    expect(first.locator(".label.caution").first).to_contain_text("Caution:")
    expect(first.locator("blockquote")).to_contain_text("ratom")
    visit.close()


def test_asking_with_the_keyboard_alone(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    page = visit.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "question":
            break
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("Do zinc drops")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("calm itching?")
    expect(page.locator("#question")).to_have_value("Do zinc drops\ncalm itching?")
    expect(page.locator(".turn")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("")
    expect(page.locator("#status")).to_have_text("The answer is ready.")
    page.locator(".why summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".why p").first).to_be_visible()
    visit.close()


def test_the_start_of_the_answer_comes_into_view(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site, viewport={"width": 400, "height": 500}, reduced_motion="reduce")
    for number, question in enumerate((QUESTION, "How are zinc dressings changed?")):
        visit.ask(question)
        box = visit.page.locator(".turn").nth(number).bounding_box()
        assert box is not None
        assert -2 <= box["y"] <= 100
    visit.close()


def test_the_log_gets_one_insert_an_answer(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.page.evaluate(
        """window.inserts = 0;
        new MutationObserver((list) => { window.inserts += list.filter((each) => each.addedNodes.length).length; })
          .observe(document.getElementById("log"), { childList: true });"""
    )
    visit.ask(QUESTION)
    assert visit.page.evaluate("window.inserts") == 1
    visit.ask("zinc")
    assert visit.page.evaluate("window.inserts") == 2
    visit.close()


def test_earlier_questions_go_along_and_stay_in_the_body(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    for number in range(12):
        visit.ask(f"zinc question {number}")
    last = next(request for request in reversed(visit.requests) if request.method == "POST")
    assert last.url == f"{zinc_site.url}/ask"
    sent = [value for name, value in re.findall(r"(\w+)=([^&]*)", last.post_data or "") if name == "history"]
    assert sent == [f"zinc+question+{number}" for number in range(1, 11)]
    visit.close()


def test_an_example_asks_and_the_examples_go(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.page.locator("#examples button", has_text="How are zinc dressings changed?").click()
    expect(visit.page.locator(".turn .asked bdi")).to_have_text("How are zinc dressings changed?")
    expect(visit.page.locator("#examples")).to_be_hidden()
    visit.page.locator(".turn .suggest button").first.click()
    expect(visit.page.locator(".turn")).to_have_count(2)
    visit.close()


def test_a_draft_and_the_conversation_outlive_a_reload(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.ask(QUESTION)
    visit.page.locator("#question").type("not yet asked")
    visit.page.reload()
    expect(visit.page.locator("#question")).to_have_value("not yet asked")
    expect(visit.page.locator(".turn")).to_have_count(1)
    expect(visit.page.locator(".turn [data-do=copy]")).to_be_visible()
    visit.close()


def test_delete_leaves_nothing(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.ask(QUESTION)
    visit.page.click("[data-do=delete]")
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(visit.page.locator("#status")).to_have_text("The conversation is deleted.")
    assert visit.page.evaluate("sessionStorage.length") == 0
    assert visit.page.evaluate("localStorage.length") == 0
    visit.page.reload()
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.close()


def test_copy_takes_the_sources_along(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site, permissions=["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    visit.page.click("[data-do=copy]")
    expect(visit.page.locator("[data-do=copy]")).to_have_text("Copied.")
    text = visit.page.evaluate("navigator.clipboard.readText()")
    assert "Zinc drops calm the itching skin of the elbow" in text
    assert "Zinc drops <b>for sale</b>" in text and "Ann & Co" in text and "May 2021" in text
    assert "Caution: Absolute safety promise." in text
    assert f"{zinc_site.url}/documents/shop/zinc%20drops#p1" in text
    assert "Not medical advice." in text
    visit.close()


def test_download_is_made_in_the_browser(browser: Browser, zinc_site: Site, tmp_path: Path) -> None:
    visit = open_chat(browser, zinc_site)
    visit.ask(QUESTION)
    before = len([request for request in visit.requests if request.url.startswith("http")])
    with visit.page.expect_download() as download:
        visit.page.click("[data-do=download]")
    download.value.save_as(tmp_path / "saved.txt")
    assert download.value.suggested_filename == "fonte-conversation.txt"
    assert QUESTION in (tmp_path / "saved.txt").read_text("utf-8")
    assert len([request for request in visit.requests if request.url.startswith("http")]) == before
    visit.close()


def test_stop_keeps_the_question(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    held: list[Route] = []
    visit.page.route("**/ask", lambda route: held.append(route))
    visit.page.fill("#question", QUESTION)
    visit.page.press("#question", "Enter")
    expect(visit.page.locator("#status")).to_have_text("Searching the texts…")
    visit.page.press("#question", "Enter")  # one request at a time
    visit.page.click("#stop")
    expect(visit.page.locator("#status")).to_have_text("Stopped. Your question is still in the box.")
    expect(visit.page.locator("#question")).to_have_value(QUESTION)
    expect(visit.page.locator("#stop")).to_be_hidden()
    assert len(held) == 1
    visit.page.unroute("**/ask")
    visit.ask(QUESTION)
    visit.close()


def test_a_server_that_is_gone_costs_no_question(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.page.route("**/ask", lambda route: route.abort("connectionrefused"))
    visit.page.fill("#question", QUESTION)
    visit.page.press("#question", "Enter")
    expect(visit.page.locator("#error")).to_have_text(
        "I could not answer. Your question is still in the box: try again."
    )
    expect(visit.page.locator("#question")).to_have_value(QUESTION)
    visit.page.unroute("**/ask")
    visit.page.press("#question", "Enter")
    expect(visit.page.locator(".turn")).to_have_count(1)
    expect(visit.page.locator("#error")).to_be_hidden()
    visit.close(expected="ERR_CONNECTION_REFUSED")


def test_a_question_too_long_is_counted_and_kept(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.page.fill("#question", "🌿" * 990)
    expect(visit.page.locator("#counter")).to_have_text("10 characters left")
    visit.page.fill("#question", "🌿" * 1003)
    expect(visit.page.locator("#counter")).to_have_text("3 characters too many")
    visit.page.press("#question", "Enter")
    expect(visit.page.locator("#error")).to_have_text("The question is too long: at most 1,000 characters.")
    expect(visit.page.locator("#question")).to_have_value("🌿" * 1003)
    assert not any(request.method == "POST" for request in visit.requests)
    visit.close()


def test_an_answer_shifts_nothing(browser: Browser, zinc_site: Site) -> None:
    visit = open_chat(browser, zinc_site)
    visit.page.evaluate(
        """window.shift = 0;
        new PerformanceObserver((list) => {
          for (const each of list.getEntries()) if (!each.hadRecentInput) window.shift += each.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    visit.ask(QUESTION)
    visit.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert visit.page.evaluate("window.shift") < 0.02
    visit.close()


def test_the_marked_passage_of_a_document_is_in_view(browser: Browser, shipped_site: Site) -> None:
    visit = Visit(browser, shipped_site, viewport={"width": 400, "height": 600}, reduced_motion="reduce")
    visit.page.goto("/documents/it/mesoterapia-antalgica#p5")
    row = visit.page.locator("#p5")
    expect(row).to_be_in_viewport()
    other = visit.page.locator("#p4")
    colour = "(each) => getComputedStyle(each).backgroundColor"
    assert row.evaluate(colour) != other.evaluate(colour)
    visit.close()
