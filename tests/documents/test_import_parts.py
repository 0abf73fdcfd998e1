"""What an import is made of: front matter, metadata, encodings, page lines to paragraphs, resemblance."""

import pytest

from qa.documents.encodings import decode
from qa.documents.formats import FileProblem
from qa.documents.front_matter import front_matter
from qa.documents.metadata import iso_date, known_fields, language_code
from qa.documents.near_duplicates import near_duplicates, same_text
from qa.documents.reflow import reflowed


@pytest.mark.parametrize(
    ("text", "fields", "rest"),
    [
        ("---\ntitle: Zinc\n---\nText.", {"title": "Zinc"}, "Text."),
        ('---\r\ntitle: "Zinc: \\"a\\" metal"\r\n---\r\nText.', {"title": 'Zinc: "a" metal'}, "Text."),
        ("\ufeff---\ntitle: 'It''s zinc' # really\n---\n", {"title": "It's zinc"}, ""),
        (
            "---\nauthors:\n  - Ann\n  - Bob\ntags: [a, b]\n...\nx",
            {"authors": "Ann, Bob", "tags": "a, b"},
            "x",
        ),
        ("---\ntitle: >-\n  Zinc\n  and skin\ndraft:\n---\nx", {"title": "Zinc, and skin"}, "x"),
        ('+++\ntitle = "Zinc"\ndate = 2019-03-19\n+++\nx', {"title": "Zinc", "date": "2019-03-19"}, "x"),
        ("---\n# nothing: here\ntitle: a\n---", {"title": "a"}, ""),
        ("---\nA line of text.\n---\nText.", None, ""),  # two rules with text between
        ("---\ntitle: Zinc\nText that never ends", None, ""),
        ("Text.\n---\ntitle: Zinc\n---\n", None, ""),  # not at the start
        ("+++\nnot toml\n+++\n", None, ""),
        ("---\n---\nText", None, ""),
        ("", None, ""),
    ],
)
def test_front_matter(text: str, fields: dict[str, str] | None, rest: str) -> None:
    found = front_matter(text)
    assert (found and found.fields) == fields
    assert found is None or text[found.end :] == rest


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2019-03-19T08:00:00+01:00", "2019-03-19"),
        ("2019/3/9", "2019-03-09"),
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("19 marzo 2019", "2019-03-19"),
        ("March 19, 2019", "2019-03-19"),
        ("Mar 2019", "2019-03"),
        ("03/04/2019", None),  # a day in March, or one in April
        ("2019-13-01", None),
        ("20190319", None),
        ("19 March or 20 April 2019", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(written: str, date: str | None) -> None:
    assert iso_date(written) == date


@pytest.mark.parametrize(
    ("told", "code"),
    [("en-US", "en"), ("it_IT", "it"), ("English", "en"), ("italiano", "it"), ("xx", None), ("", None)],
)
def test_languages(told: str, code: str | None) -> None:
    assert language_code(told) == code


def test_what_cannot_be_understood_is_left_out() -> None:
    told = {
        "Title": " A\n title ",
        "by": "Ann",
        "date": "soon",
        "lang": "xx",
        "url": "javascript:alert(1)",
        "x": "y",
    }
    assert known_fields(told) == {"title": "A title", "author": "Ann"}
    assert known_fields({"title": "a" * 301}) == {}


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("perché".encode(), "perché", "utf-8"),
        (b"\xef\xbb\xbfperch\xc3\xa9", "\ufeffperché", "utf-8"),
        ("perché".encode("utf-16"), "perché", "utf-16"),
        ("perché la città".encode("latin-1"), "perché la città", "Windows-1252 (Latin-1)"),
        ("l’età".encode("cp1252"), "l’età", "Windows-1252 (Latin-1)"),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str) -> None:
    assert decode(data) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None, "binary"),
        (b"PK\x03\x04\x14\x00", None, "binary"),
        ("Боль в нервах".encode("cp1251"), None, "cannot be told"),
        ("Боль".encode("cp1251"), "zip", "cannot be told"),  # a codec, but of no text
        (b"\xff\xfea", None, "utf-16, and is not"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, declared: str | None, reason: str) -> None:
    with pytest.raises(FileProblem, match=reason):
        decode(data, declared)


def test_a_declared_encoding_is_believed() -> None:
    assert decode("Боль".encode("cp1251"), "windows-1251") == ("Боль", "windows-1251")


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (
            ["Nerves carry signals from", "the skin to the brain."],
            ["Nerves carry signals from the skin to the brain."],
        ),
        (["Pain may be neuro-", "pathic in nature here."], ["Pain may be neuropathic in nature here."]),
        (
            ["A well-known thing is well-", "known to all of them."],
            ["A well-known thing is well-known to all of them."],
        ),
        (
            ["Drugs of the type Anti-", "Inflammatory are many."],
            ["Drugs of the type Anti-Inflammatory are many."],
        ),
        (
            ["What helps", "Rest helps against the pain of nerves.", "", "Heat helps too."],
            ["What helps", "Rest helps against the pain of nerves.", "Heat helps too."],
        ),
        (
            ["These help against it, some say:", "- rest for a week or more", "- heat"],
            ["These help against it, some say:", "- rest for a week or more", "- heat"],
        ),
        ([], []),
    ],
)
def test_lines_to_paragraphs(lines: list[str], paragraphs: list[str]) -> None:
    assert reflowed(["\n".join(lines)]) == [paragraphs]


def test_running_heads_go_and_what_stands_once_stays() -> None:
    pages = [
        f"Journal of Pain, page {number}\nText number {word}.\n{number}"
        for number, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    assert reflowed(pages) == [
        ["Text number one."],
        ["Text number two."],
        ["Text number three."],
        ["Text number four."],
    ]
    assert reflowed(pages[:2]) == [
        ["Journal of Pain, page 1 Text number one.", "1"],
        ["Journal of Pain, page 2 Text number two.", "2"],
    ]  # fewer than three pages show no habit


def test_near_duplicates_are_found_and_others_are_not() -> None:
    words = [f"word{number}" for number in range(300)]
    texts = {
        "a": " ".join(words),
        "b": " ".join([*words[:290], "another", "end"]),
        "c": " ".join(reversed(words)),
        "d": " ".join(words[:150] + [f"new{number}" for number in range(150)]),
    }
    found = list(near_duplicates(texts.items()))
    assert [(each.first, each.second) for each in found] == [("a", "b")]
    assert 0.9 < found[0].share < 1


def test_same_text() -> None:
    assert same_text("\ufeffA  text\r\n") == same_text("a text")
    assert same_text("a text") != same_text("a texts")


@pytest.mark.parametrize("text", ["---\nt: {}\n---\n", "+++\nt = {}\n+++\n"])
def test_brackets_within_brackets_are_no_fault(text: str) -> None:
    found = front_matter(text.format("[" * 9_000 + "]" * 9_000))
    assert found is None or list(found.fields) == ["t"]
