"""Files are read in a process of their own: what brings it down, or holds it up, costs one file."""

from pathlib import Path

import pytest

from qa.documents.conversion import Converter
from qa.documents.formats import FileProblem
from tests.documents.pdfs import page_content, pdf, raw_pdf


def test_a_bomb_is_given_up_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(raw_pdf([b" " * 100_000_000]))
    (tmp_path / "good.pdf").write_bytes(pdf([["Nerves."]]))
    with Converter() as converter:
        with pytest.raises(FileProblem, match=r"a broken PDF|in memory"):
            converter.convert(tmp_path / "bomb.pdf")
        assert converter.convert(tmp_path / "good.pdf").text == "Nerves.\n"


def test_a_file_that_does_not_get_on_is_given_up(tmp_path: Path) -> None:
    slow = page_content([f"Line {number} of the page that never ends." for number in range(4_000)])
    (tmp_path / "slow.pdf").write_bytes(raw_pdf([slow] * 30))
    (tmp_path / "good.pdf").write_bytes(pdf([["Nerves."]]))
    with Converter() as converter:
        converter.convert(tmp_path / "good.pdf")  # the process runs now
        converter._seconds = 0.001
        with pytest.raises(FileProblem, match=r"given up: 0\.001 seconds"):
            converter.convert(tmp_path / "slow.pdf")
        converter._seconds = 60
        assert converter.convert(tmp_path / "good.pdf").text == "Nerves.\n"


def test_a_reader_that_falls_takes_only_its_file_down(tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(pdf([["Nerves."]]))
    with Converter() as converter:
        converter.convert(tmp_path / "good.pdf")
        converter._process.kill()
        converter._process.join()
        with pytest.raises(FileProblem, match="crashed its reader"):
            converter.convert(tmp_path / "good.pdf")
        assert converter.convert(tmp_path / "good.pdf").text == "Nerves.\n"
