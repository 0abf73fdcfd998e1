"""A PDF to text (pypdf). Pages end with a form feed, by which a passage knows the page it stands on."""

import io
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from qa.documents.formats import MOST_BYTES, Content, FileProblem
from qa.documents.metadata import known_fields
from qa.documents.reflow import reflowed

MOST_PAGES = 5_000
_NO_TITLE = re.compile(r"(?i)untitled|microsoft \w+ - |.*\.(docx?|pdf|odt|tex|dvi|indd|qxd|rtf|pages)$|[\W\d_]*$")
_NO_AUTHOR = re.compile(r"(?i)(admin(istrator)?|user|utente|owner|unknown|author|root|pc)\d*$|[\W\d_]*$")
_LEAST_LETTERS = 0.4  # of what is no blank: fonts without a map to letters give signs instead


def read_pdf(data: bytes, progress: Callable[[str], None] = lambda told: None) -> Content:
    """The text of a PDF, with what it tells of itself; raises FileProblem for a scan, a locked or a broken file."""
    import pypdf  # 0.25 s, and only an import needs it
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is told once, in our words
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileProblem("encrypted, it opens only with a password; save a copy without one")
        if len(reader.pages) > MOST_PAGES:
            raise FileProblem(f"{len(reader.pages):,} pages, more than the {MOST_PAGES:,} that are read")
        pages = list(_texts(reader, progress))
        told = {key[1:]: str(value) for key, value in (reader.metadata or {}).items() if isinstance(value, str)}
    except DependencyError as problem:
        raise FileProblem("encrypted in a way that needs a package more: pip install cryptography") from problem
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError) as problem:
        raise FileProblem(f"a broken PDF ({type(problem).__name__}: {str(problem)[:120]})") from problem
    bare = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(bare) == len(pages):
        raise FileProblem(f"{_pages(len(pages))} without any text, a scan? Have its letters recognized (OCR) first")
    _check_letters(pages)
    notes = (_pages(len(pages)), *([f"no text on {_ranges(bare)}: pictures, or scanned"] if bare else []))
    text = "\n\n\f".join("\n\n".join(page) for page in reflowed(pages)) + "\n"
    return Content(text, _metadata(told), notes=notes)


def _texts(reader: object, progress: Callable[[str], None]) -> Iterator[str]:
    total, size = len(reader.pages), 0  # type: ignore[attr-defined]
    for number, page in enumerate(reader.pages, 1):  # type: ignore[attr-defined]
        progress(f"page {number} of {total}")
        text = _plain(page.extract_text())
        size += len(text)
        if size > MOST_BYTES:
            raise FileProblem(f"more than {MOST_BYTES:,} characters of text by page {number}")
        yield text


def _plain(text: str) -> str:
    """Ligatures as letters, form feeds and other control characters gone, no half of a surrogate pair left."""
    folded = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)
    folded = unicodedata.normalize("NFC", folded).encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", folded.replace("\r\n", "\n"))


def _check_letters(pages: Sequence[str]) -> None:
    signs = "".join("".join(pages).split())
    letters = sum(c.isalnum() and not "\ue000" <= c <= "\uf8ff" for c in signs)
    if letters < _LEAST_LETTERS * len(signs):
        raise FileProblem("its letters cannot be read: the fonts tell shapes only. Have them recognized (OCR) first")


def _metadata(told: dict[str, str]) -> dict[str, str]:
    """Title and author. The date in a PDF is that of the file, not of what it says: it is left out."""
    title, author = told.get("Title", "").strip(), told.get("Author", "").strip()
    return known_fields(
        {
            "title": "" if _NO_TITLE.match(title) else title,
            "author": "" if _NO_AUTHOR.match(author) else author.replace("; ", ", "),
        }
    )


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count:,} pages"


def _ranges(numbers: Sequence[int]) -> str:
    """`pages 2, 5–7`."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(parts)}"
