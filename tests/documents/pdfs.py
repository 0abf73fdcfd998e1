"""PDFs for tests, written object by object, so that nothing is in them but what a case needs."""

import io
import zlib
from collections.abc import Sequence

import pypdf


def pdf(pages: Sequence[Sequence[str]], title: str = "", author: str = "") -> bytes:
    """A PDF with one page for each list of lines, in a Latin font."""
    return raw_pdf([page_content(lines) for lines in pages], title, author)


def page_content(lines: Sequence[str]) -> bytes:
    """The drawing of lines of text, one under the other."""
    return b"BT /F1 10 Tf 12 TL 50 780 Td " + b" ".join(b"(" + _escaped(line) + b") Tj T*" for line in lines) + b" ET"


def raw_pdf(contents: Sequence[bytes], title: str = "", author: str = "") -> bytes:
    """A PDF whose pages draw what is given, compressed."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, content in enumerate(contents):
        page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
        packed = zlib.compress(content)
        objects.append(f"{page}/Contents {5 + 2 * at} 0 R >>".encode())
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    objects.append(b"<< /Title (" + _escaped(title) + b") /Author (" + _escaped(author) + b") >>")
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(written + trailer % (len(objects) + 1, len(objects), table))


def encrypted(data: bytes, password: str) -> bytes:
    """The same PDF, opened by a password alone."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _escaped(text: str) -> bytes:
    data = text.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
