"""Takes the README's picture anew: `python -m tests.browser.screenshot docs/images/chat.png`."""

import sys

from playwright.sync_api import sync_playwright

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.browser.conftest import chromium
from tests.browser.visit import Site

QUESTION = "Il magnesio aiuta contro la sciatica?"


def take(answerer: Answerer, path: str) -> None:
    """One answer in a window of 1,000 by 860 px, as PNG."""
    site = Site(answerer)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(locale="it-IT", viewport={"width": 1000, "height": 860}, reduced_motion="reduce")
            page.goto(site.url)
            page.fill("#question", QUESTION)
            page.press("#question", "Enter")
            page.locator(".turn").wait_for()
            page.locator(".why summary").first.click()
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=path)
            browser.close()
    finally:
        site.close()


if __name__ == "__main__":
    take(Answerer(load_corpus(SHIPPED_CORPUS)), sys.argv[1])
