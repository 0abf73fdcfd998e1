"""Files to stored text: the bytes decoded and nothing else, or the reason why not."""

from pathlib import Path

import pytest

from qa.documents.formats import MOST_BYTES, FileProblem, read_document


@pytest.mark.parametrize(
    "text", ["a\r\nb\r\n", "\ufeffa", "a\rb", "e\u0301 \u00e9", "a\u00a0b", "😀\n", "a\u2028b", "  a  ", "a\x0cb"]
)
@pytest.mark.parametrize("ending", [".txt", ".md", ".TXT"])
def test_the_stored_text_is_the_file(text: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{ending}"
    path.write_bytes(text.encode("utf-8"))
    assert read_document(path).text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        ("\ufeff\n".encode(), "empty"),
        (b"PK\x03\x04\x00\x00", "a binary file, no text"),
        ("ciò\nche è".encode("latin-1"), "not UTF-8 (byte 0xf2 in line 1); save it as UTF-8"),
        (b"uno\ndue\nperch\xe9\n", "not UTF-8 (byte 0xe9 in line 3); save it as UTF-8"),
        ("perché".encode("utf-16"), "a binary file, no text"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(data)
    with pytest.raises(FileProblem) as problem:
        read_document(path)
    assert str(problem.value) == reason


def test_a_giant_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "giant.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)  # sparse: takes no room
    with pytest.raises(FileProblem, match=r"^20,000,001 bytes, more than the 20,000,000 that "):
        read_document(path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be read: No such file or directory"):
        read_document(tmp_path / "gone.txt")
