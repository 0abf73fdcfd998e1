"""The vendored stylesheet as it is served: the original's rules, as many as some page uses, and no other."""

import hashlib

from playwright.sync_api import Browser

from tests.browser.cut import CUT, VENDOR, WHOLE, cut, rules, selectors, split, used_selectors
from tests.browser.visit import Site


def test_it_holds_what_the_pages_use(browser: Browser, shipped_site: Site) -> None:
    """Fails where a page has come to use an element whose rules were cut: `python -m tests.browser.cut` cuts anew."""
    text = WHOLE.read_text("utf-8")
    assert CUT.read_text("utf-8") == cut(text, used_selectors(browser, shipped_site, selectors(text)))


def test_its_rules_are_the_originals() -> None:
    original = {(name, inside) for before, inside in rules(WHOLE.read_text("utf-8")) for name in split(before)}
    plain = [(before, inside) for before, inside in rules(CUT.read_text("utf-8")) if not before.startswith("@")]
    assert len(plain) > 20
    assert [name for before, inside in plain for name in split(before) if (name, inside) not in original] == []


def test_checksums() -> None:
    listed = dict(line.split("  ")[::-1] for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("simple*")}
    assert listed == files


def test_cutting() -> None:
    sheet = "a,b:hover{x:1}@media print{@page{m:1}c{y:2}}@media screen{d{z:3}}:is(e,f){w:4}"
    assert selectors(sheet) == ["a", "b:hover", "c", "d", ":is(e,f)"]
    assert cut(sheet, {"b:hover", "c"}) == "b:hover{x:1}@media print{@page{m:1}c{y:2}}"
