"""Without JavaScript, and with texts that mean harm."""

from playwright.sync_api import Browser, Dialog, expect

from tests.browser.visit import Site, Visit


def test_everything_but_the_extras_works_without_javascript(browser: Browser, zinc_site: Site) -> None:
    visit = Visit(browser, zinc_site, java_script_enabled=False)
    page = visit.page
    page.goto("/")
    expect(page.locator("#stop, #keep, [data-js]")).to_have_count(3)
    for extra in page.locator("#stop, #keep, [data-js]").all():
        expect(extra).to_be_hidden()
    page.fill("#question", "Do zinc drops calm itching?")
    page.click("#send")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".label.caution").first).to_be_visible()
    expect(page.locator("[data-do=copy]")).to_be_hidden()
    assert page.url == f"{zinc_site.url}/ask"
    page.locator(".turn .suggest button").first.click()
    expect(page.locator(".turn .asked bdi")).to_have_text("How are zinc dressings changed?")
    expect(page.locator("#ask [name=history]")).to_have_count(2)
    page.locator(".why summary").first.click()
    expect(page.locator(".why p").first).to_be_visible()
    page.get_by_role("link", name="Link to these passages").click()
    expect(page.locator("h1")).to_have_text("Passages")
    page.get_by_role("link", name="See it in its text").first.click()
    expect(page.locator(".row:target")).to_have_count(1)
    page.get_by_role("link", name="Check a text").click()
    page.fill("#text", "Order our drops today!")
    page.click("#check button")
    expect(page.locator("#result")).to_be_visible()
    page.get_by_role("link", name="Leggi questa pagina in italiano").click()
    expect(page.locator("h1")).to_have_text("Controlla un testo")
    visit.close()


def test_a_hostile_text_does_nothing(browser: Browser, zinc_site: Site) -> None:
    visit = Visit(browser, zinc_site)
    page = visit.page
    alerts: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.goto("/")
    visit.ask("zinc <img src=x onerror=alert(9)> script page direction")
    for path in (None, "/documents", "/documents/tricky", "/documents/shop/zinc%20drops", "/passages?p=tricky%231"):
        if path:
            page.goto(path)
        assert page.locator("img").count() == 0
    page.goto("/documents/tricky")
    text = page.locator("#p1 > p").text_content() or ""
    assert "<script>alert(1)</script> and zinc <img src=x onerror=alert(2)> ]]>" in text
    assert "\u202ethis turned around\u202c" in text
    assert alerts == []
    visit.close()


def test_direction_marks_turn_nothing_around(browser: Browser, zinc_site: Site) -> None:
    """The words after U+202E still stand to the right of those before them."""
    visit = Visit(browser, zinc_site, viewport={"width": 1280, "height": 800})
    visit.page.goto("/documents/tricky")
    left, right = visit.page.evaluate(
        """(() => {
          const place = (word) => {
            const walk = document.createTreeWalker(document.querySelector("#p1 > p"), NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
              const at = walk.currentNode.data.indexOf(word);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(walk.currentNode, at);
              range.setEnd(walk.currentNode, at + word.length);
              return range.getBoundingClientRect();
            }
          };
          const [first, second] = [place("this"), place("turned")];
          return first.top === second.top ? [first.left, second.left] : [first.top, second.top];
        })()"""
    )
    assert left < right
    assert visit.page.locator(".control").first.evaluate("(each) => getComputedStyle(each, '::before').content") in (
        '"[U+202E]"',
        '"[" "U+202E" "]"',
        '"[" attr(data-code) "]"',
    )
    visit.close()


def test_the_policy_stops_what_is_not_ours(browser: Browser, zinc_site: Site) -> None:
    """The policy is in force: an inline script and a bare innerHTML fail."""
    visit = Visit(browser, zinc_site)
    visit.page.goto("/")
    outcome = visit.page.evaluate(
        """(() => {
          document.head.insertAdjacentElement("beforeend", document.createElement("script"))
            .append("window.ran = true");
          try { document.body.innerHTML = "<b>x</b>"; return "written"; } catch (problem) { return problem.name; }
        })()"""
    )
    assert outcome == "TypeError"
    assert visit.page.evaluate("window.ran") is None
    visit.context.close()  # the console rightly complains here


def test_the_docs_page_loads_offline(browser: Browser, zinc_site: Site) -> None:
    visit = Visit(browser, zinc_site)
    visit.page.goto("/docs")
    expect(visit.page.locator(".opblock-summary-path").first).to_be_visible()
    expect(visit.page.locator(".opblock")).to_have_count(5)
    visit.close()
