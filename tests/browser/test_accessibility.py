"""axe on every state of the pages: no violation, and nothing that axe leaves to a person.

No screen reader was run: these checks find faults, they do not prove conformance.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.browser.states import STATES, answered
from tests.browser.visit import Site, Visit


def problems(page: Page) -> list[str]:
    """Every violation and every undecided check, with the element it is about."""
    found = Axe().run(page).response
    return [
        f"{kind}: {rule['id']}: {node['target']} {node.get('failureSummary', '')} {node['html'][:120]}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, shipped_site: Site, scheme: str, width: int, language: str) -> None:
    visit = Visit(
        browser,
        shipped_site,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        locale={"it": "it-IT", "en": "en-GB"}[language],
        reduced_motion="reduce",
    )
    found: dict[str, list[str]] = {}
    for state in STATES:
        state(visit, language)
        assert visit.page.locator(f"html[lang={language}]").count() == 1
        sideways = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[state.__name__] = problems(visit.page) + (["wider than the window"] if sideways > 0 else [])
        visit.page.evaluate("sessionStorage.clear()")
    assert {name: listed for name, listed in found.items() if listed} == {}
    visit.close("the server responded with a status of 404")


def test_targets_are_large_enough(browser: Browser, shipped_site: Site) -> None:
    """24 by 24 px for every control that is not a link inside a sentence."""
    visit = Visit(browser, shipped_site, viewport={"width": 320, "height": 800})
    answered(visit, "en")
    small = visit.page.evaluate(
        """[...document.querySelectorAll('button, summary, nav a, .place, .keep a, textarea')]
           .map((each) => [each, each.getBoundingClientRect()])
           .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
           .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []
    visit.close()


def test_forced_colours_keep_the_marks(browser: Browser, zinc_site: Site) -> None:
    """Matched words keep their background, cautions their thick border, with the system's colours alone."""
    visit = Visit(browser, zinc_site, forced_colors="active")
    visit.page.goto("/")
    visit.ask("Do zinc drops calm itching?")
    mark = visit.page.locator("mark.term").first
    plain = visit.page.locator("blockquote").first
    background = "(each) => getComputedStyle(each).backgroundColor"
    assert mark.evaluate(background) != plain.evaluate(background)
    assert mark.evaluate("(each) => getComputedStyle(each).textDecorationLine") == "underline"
    caution, note = visit.page.locator(".label.caution").first, visit.page.locator(".label.note").first
    thickness = "(each) => parseFloat(getComputedStyle(each).borderLeftWidth)"
    assert caution.evaluate(thickness) > note.evaluate(thickness) > 0
    visit.close()


def test_nothing_moves_smoothly_for_those_who_asked_for_it(browser: Browser, zinc_site: Site) -> None:
    for preference, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        visit = Visit(browser, zinc_site, reduced_motion=preference)
        visit.page.goto("/")
        assert visit.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
        visit.close()
