"""The commands as people run them: output, exit status, the same bytes every time."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from tests.evaluation.conftest import ROOT


def qa(*arguments: str | Path, stdin: str = "") -> Result:
    """Runs the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, prog_name="qa")


def qa_process(*arguments: str | Path) -> bytes:
    """Standard output of the command line in a process of its own, its hashes seeded at random."""
    environment = os.environ | {"PYTHONHASHSEED": "random", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, check=True).stdout


@pytest.fixture
def evaluated(small: Path, tmp_path: Path) -> tuple[Result, Path]:
    report = tmp_path / "report.html"
    done = qa("evaluate", "--corpus", small, "--json", "--report", report, "--no-timing")
    assert done.exit_code == 0, done.stderr
    return done, report


def test_the_same_bytes_every_time(evaluated: tuple[Result, Path], small: Path, tmp_path: Path) -> None:
    done, report = evaluated
    again = qa_process("evaluate", "--corpus", small, "--json", "--report", tmp_path / "again.html", "--no-timing")
    assert again == done.stdout_bytes and again
    assert (tmp_path / "again.html").read_bytes() == report.read_bytes()


def test_the_json_has_the_promised_form(evaluated: tuple[Result, Path]) -> None:
    top = json.loads(evaluated[0].stdout)
    assert {"hit@1", "R@1", "R@10", "nDCG@10", "cross.hit@3"} <= set(top["measures"]) and top["n"] == 3
    assert {"versions", "corpus", "questions", "code", "retrieval"} <= set(top["settings"])
    assert set(top["intervals"]) == set(top["counts"]) == set(top["measures"])
    assert [item["id"] for item in top["items"]] == ["t-1", "t-2", "t-3"] and top["complete"] is True


class Page(HTMLParser):
    """Collects what a page loads and links, and checks that tags are closed in order."""

    VOID = ("meta", "circle", "rect", "line", "path", "polyline", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.from_elsewhere: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.from_elsewhere += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_report_stands_alone(evaluated: tuple[Result, Path]) -> None:
    text = evaluated[1].read_text("utf-8")
    page = Page()
    page.feed(text)
    assert page.open == [] and page.from_elsewhere == [] and "script" not in page.tags
    assert "url(" not in text and "@import" not in text
    assert page.tags.count("svg") >= 2 and "prefers-color-scheme: dark" in text and "@media print" in text


def test_a_question_cannot_break_the_report(small: Path, tmp_path: Path) -> None:
    row = {"id": "<i>", "lang": "en", "kind": "none", "question": "Does <script>alert('ginger')</script> help nausea?"}
    path = tmp_path / "q.jsonl"
    gold = [{"doc": "en/willow", "quote": "Its salicin is turned into salicylic acid"}]
    path.write_text(json.dumps(row | {"kind": "same", "gold": gold}) + "\n", "utf-8")
    done = qa("evaluate", path, "--corpus", small, "--report", tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert done.exit_code == 0 and "<script" not in text
    assert "&lt;script&gt;" in text


def test_every_door_gives_the_same_figures(evaluated: tuple[Result, Path], small: Path) -> None:
    value = json.loads(evaluated[0].stdout)["measures"]["nDCG@10"]
    shown = f"{value:.3f}" if value >= 1 else f"{value:.3f}"[1:]
    for flag, sign in ((None, "─"), ("--markdown", "| --- |")):
        done = qa("evaluate", "--corpus", small, *([flag] if flag else []))
        assert shown in done.stdout and sign in done.stdout
    assert shown in evaluated[1].read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--min", "hit@1=0"], 0, "all 1 bounds hold"),
        (["--min", "cross.hit@3=1.01", "--min", "hit@1=0"], 1, "cross.hit@3 = "),
        (["--max", "none.refused=-1"], 1, "above the ceiling of -1"),
        (["--min", "hit@9=1"], 2, "'hit@9' was not measured"),
        (["--min", "hit@3"], 2, "is not NAME=NUMBER"),
        (["--json", "--markdown"], 2, "--json and --markdown do not go together"),
        (["nowhere.jsonl"], 2, "nowhere.jsonl: cannot be read"),
        (["--save", "/nowhere/r.json"], 2, "/nowhere/r.json: cannot be written"),
    ],
)
def test_exit_status(arguments: list[str], status: int, told: str, small: Path) -> None:
    done = qa("evaluate", "--corpus", small, *arguments)
    assert done.exit_code == status and told in done.stderr and "Traceback" not in done.stderr


def test_misses_say_what_came_instead_and_why(small: Path, tmp_path: Path) -> None:
    gold = [{"doc": "en/willow", "quote": "Its salicin is turned into salicylic acid"}]
    row = {"id": "m-1", "lang": "en", "kind": "same", "question": "How does ginger tea ease nausea?", "gold": gold}
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    done = qa("evaluate", path, "--corpus", small, "--misses")
    listed = done.stdout[done.stdout.index("Misses: 1") :]
    assert "How does ginger tea ease nausea?" in listed
    assert "- en/ginger#1 (rank 1" in listed and "+ en/willow#1 (not ranked" in listed
    as_json = json.loads(qa("evaluate", path, "--corpus", small, "--misses", "--json").stdout)["misses"][0]
    assert [shown["relevant"] for shown in as_json["shown"]] == [False, True] and as_json["id"] == "m-1"
    assert "ginger × " in listed and "(word, 1.00)" in listed


def test_a_run_written_out_scores_the_same_read_in(small: Path, tmp_path: Path) -> None:
    run, qrels = tmp_path / "fonte.run", tmp_path / "fonte.qrels"
    first = qa("evaluate", "--corpus", small, "--json", "--run", run, "--qrels", qrels)
    second = qa("evaluate", "--corpus", small, "--json", "--from-run", run, "--from-qrels", qrels)
    before, after = json.loads(first.stdout)["measures"], json.loads(second.stdout)["measures"]
    for name in ("Success@1", "R@10", "nDCG@10"):
        assert before[name] == after[name]
    assert "auroc" in before and "auroc" not in after


def test_compare_reads_what_evaluate_writes(small: Path, tmp_path: Path) -> None:
    for name in ("before", "after"):
        qa("evaluate", "--corpus", small, "--json", "--save", tmp_path / f"{name}.json")
    done = qa("compare", tmp_path / "before.json", tmp_path / "after.json")
    assert done.exit_code == 0 and "+0.0000" in done.stdout and "0 won, 0 lost" in done.stderr


def test_caveats_with_their_errors(tmp_path: Path) -> None:
    row = {"id": "c-1", "lang": "en", "text": "The clinic is near the station.", "promotional": "sell"}
    row2 = row | {"id": "c-2", "promotional": "none"}
    path = tmp_path / "labelled.jsonl"
    labels = {"evidence": ["no_claim"], "claim": "none", "safety": "no"}
    path.write_text("".join(json.dumps(r | labels) + "\n" for r in (row, row2)), "utf-8")
    done = qa("evaluate", "--caveats", path, "--misses", "--report", tmp_path / "r.html")
    assert done.exit_code == 0, done.stderr
    assert "c-1 [en] promotional: missed" in done.stdout and "c-2" not in done.stdout
    assert "Wrong caveats (1)" in (tmp_path / "r.html").read_text("utf-8")
