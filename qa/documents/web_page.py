"""An HTML page to its main content: navigation, banners and comments left out (trafilatura, Barbaresi 2021)."""

import re

from qa.documents.encodings import decode
from qa.documents.formats import Content, FileProblem
from qa.documents.metadata import known_fields

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*(?:["']\s*)?([\w.:-]{2,30})""", re.IGNORECASE
)
_SENTENCE = re.compile(r"""^[^\n]{60,}[.!?…。！？][\"'”’»)\]]*$""", re.MULTILINE)
_LEAST = 150  # characters in sentences of some length: below it a page is menus, or a list of links


def read_page(data: bytes) -> Content:
    """The text and metadata of a page; raises FileProblem where it has no main content."""
    import trafilatura  # 0.4 s, and only an import needs it

    declared = _CHARSET.search(data[:4096])
    html, encoding = decode(data, declared[1].decode("ascii") if declared else None)
    found = trafilatura.bare_extraction(
        html,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
        },  # a date told, none guessed
    )
    if found is None:
        raise FileProblem("no main content: navigation only, built by scripts, or nested too deep to be read")
    page = found if isinstance(found, dict) else found.as_dict()
    text = _tidy(page.get("text") or "")
    if sum(len(match.group()) for match in _SENTENCE.finditer(text)) < _LEAST:
        raise FileProblem("hardly a sentence in its main content: navigation only, or built by scripts")
    told = {key: str(page[key]) for key in ("title", "author", "date", "url") if page.get(key)}
    if "author" in told:
        told["author"] = told["author"].replace("; ", ", ")
    notes = () if encoding.startswith("utf-8") else (f"the page was in {encoding}",)
    return Content(text, known_fields(told), notes=notes)


def _tidy(text: str) -> str:
    """Blocks apart by blank lines, so that lines of any length stay paragraphs; table rows without their frame."""
    lines = (_row(line.strip()) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line) + "\n"


def _row(line: str) -> str:
    if not (line.startswith("|") and line.endswith("|")):
        return line
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return "" if all(set(cell) <= set("-: ") for cell in cells) else " | ".join(cell for cell in cells if cell)
