"""What a reader waits for in a real browser: paint, long tasks, layout shifts: `python -m tests.browser.paint`.

Reported, never gated: figures depend on the machine. A shift within half a second of a key is the reader's own doing
and does not count; an answer that takes longer moves the box below it, and counts. `--slow 4` slows the browser's
processor down as a phone's would be.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.browser.conftest import chromium
from tests.browser.visit import Site, Visit

QUESTION = "Il magnesio aiuta contro la sciatica?"
WATCH = """
window.seen = { longtask: [], "layout-shift": [] };
for (const type of Object.keys(window.seen)) {
  new PerformanceObserver((list) => {
    for (const each of list.getEntries())
      if (!each.hadRecentInput) window.seen[type].push(type === "longtask" ? each.duration : each.value);
  }).observe({ type, buffered: true });
}
"""
READ = """async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)));
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { paint: paint?.startTime ?? NaN, tasks: window.seen.longtask, shift: window.seen["layout-shift"] };
}"""
# From Enter to the frame in which the new turn stands.
ASKED = """() => {
  window.seen.longtask.length = window.seen["layout-shift"].length = 0;
  let start;
  window.waited = new Promise((done) => {
    document.getElementById("ask").addEventListener("submit", () => { start = performance.now(); });
    new MutationObserver((_, each) => {
      each.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    }).observe(document.getElementById("log"), { childList: true });
  });
}"""
HEADS = ("", "paint, ms", "long tasks", "longest, ms", "layout shift")


def empty(page: Page) -> dict[str, Any]:
    """The chat before the first question; paint is the first of any content."""
    page.goto("/")
    return dict(page.evaluate(READ))


def inserted(page: Page) -> dict[str, Any]:
    """An answer put into the page by its script; paint is from the question to the answer's frame."""
    page.goto("/")
    page.fill("#question", QUESTION)
    page.evaluate(ASKED)
    page.press("#question", "Enter")
    waited = page.evaluate("window.waited")
    return {**page.evaluate(READ), "paint": waited}


def posted(page: Page) -> dict[str, Any]:
    """An answer as a page of its own, as without JavaScript; its paint counts from the moment the form is sent."""
    page.goto("/")
    page.fill("#question", QUESTION)
    with page.expect_navigation():
        page.evaluate("document.getElementById('ask').submit()")
    return dict(page.evaluate(READ))


STATES: tuple[tuple[str, Callable[[Page], dict[str, Any]]], ...] = (
    ("empty page", empty),
    ("answer in the page", inserted),
    ("answer as a page", posted),
)


@contextmanager
def slowed(browser: Browser, site: Site, factor: float) -> Iterator[Page]:
    """A page in a browser of its own cache whose processor is that many times slower."""
    visit = Visit(browser, site, viewport={"width": 400, "height": 800}, locale="it-IT")
    visit.page.add_init_script(WATCH)
    visit.context.new_cdp_session(visit.page).send("Emulation.setCPUThrottlingRate", {"rate": factor})
    yield visit.page
    visit.context.close()


def measured(browser: Browser, site: Site, factor: float, times: int) -> list[tuple[str, ...]]:
    """One row a state: medians over the runs, and the longest task of all."""
    rows: list[tuple[str, ...]] = []
    for name, state in STATES:
        runs = []
        for _ in range(times):
            with slowed(browser, site, factor) as page:
                runs.append(state(page))
        tasks = [duration for run in runs for duration in run["tasks"]]
        rows.append(
            (
                name,
                f"{median(run['paint'] for run in runs):.0f}",
                f"{median(len(run['tasks']) for run in runs):g}",
                f"{max(tasks):.0f}" if tasks else "none",
                f"{median(sum(run['shift']) for run in runs):.3f}",
            )
        )
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=float, default=1, help="how many times slower than this machine")
    parser.add_argument("--times", type=int, default=9, help="runs of each state")
    options = parser.parse_args()
    site = Site(Answerer(load_corpus(SHIPPED_CORPUS)))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            for row in (HEADS, *measured(browser, site, options.slow, options.times)):
                print("| " + " | ".join(row) + " |")
    finally:
        site.close()
