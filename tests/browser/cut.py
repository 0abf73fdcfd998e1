"""Cuts the vendored stylesheet down to the rules that some page of ours uses: `python -m tests.browser.cut`.

Nothing is rewritten: a rule is kept with those of its selectors that match something in one of the states, or left
out. The original stays beside the cut, so that both can be compared.
"""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.browser.conftest import chromium
from tests.browser.states import STATES
from tests.browser.visit import Site, Visit

VENDOR = Path(__file__).parents[2] / "web" / "static" / "vendor"
WHOLE, CUT = VENDOR / "simple-2.3.7.min.css", VENDOR / "simple-2.3.7.cut.css"
_PASSING = re.compile(
    r"::?(?:-[\w-]+|before|after|backdrop|hover|visited|focus-visible|enabled|disabled|checked)\b"
    r"|\[(?:disabled|href\^=http)\]"  # while an answer is awaited; where a text tells its address
)


def rules(text: str) -> list[tuple[str, str]]:
    """(what stands before the braces, what stands in them) of every rule of a minified stylesheet, in order."""
    found, at = [], 0
    while (start := text.find("{", at)) >= 0:
        depth, end = 1, start + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append((text[at:start].strip(), text[start + 1 : end - 1]))
        at = end
    return found


def selectors(text: str) -> list[str]:
    """Every selector of a stylesheet, those inside `@media` too."""
    listed = []
    for before, inside in rules(text):
        listed += selectors(inside) if before.startswith("@media") else [] if before[0] == "@" else split(before)
    return listed


def split(before: str) -> list[str]:
    """The selectors of a list, apart at its outer commas."""
    return re.split(r",(?![^(]*\))", before)


def cut(text: str, used: set[str]) -> str:
    """The stylesheet with the used selectors alone; `@page` and its like stay."""
    kept = []
    for before, inside in rules(text):
        if before.startswith("@media"):
            inner = cut(inside, used)
            kept += [f"{before}{{{inner}}}"] if inner else []
        elif before.startswith("@"):
            kept.append(f"{before}{{{inside}}}")
        elif names := [each for each in split(before) if each in used]:
            kept.append(f"{','.join(names)}{{{inside}}}")
    return "".join(kept)


def used_selectors(browser: Browser, site: Site, listed: list[str]) -> set[str]:
    """Those that match an element in some state of the pages, whatever it is doing (hover, focus …)."""
    plain = {each: _PASSING.sub("", each).replace(":where()", "") or "*" for each in listed}
    used: set[str] = set()
    for state in STATES:
        visit = Visit(browser, site)
        state(visit, "en")
        found = visit.page.evaluate("(list) => list.filter((each) => document.querySelector(each))", [*plain.values()])
        used |= {each for each in listed if plain[each] in found}
        visit.context.close()
    return used


if __name__ == "__main__":
    site = Site(Answerer(load_corpus(SHIPPED_CORPUS)))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            text = WHOLE.read_text("utf-8")
            CUT.write_text(cut(text, used_selectors(browser, site, selectors(text))), "utf-8")
    finally:
        site.close()
    names = sorted(path for path in VENDOR.iterdir() if path.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in names]
    (VENDOR / "SHA256SUMS").write_text("".join(sums), "utf-8")
