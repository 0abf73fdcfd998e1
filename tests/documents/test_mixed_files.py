"""Fifty files as people have them, good and bad, by the steps of docs/tutorial.md: import, check, ask, evaluate."""

import json
import random
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qa.cli import main
from qa.documents.corpus import Corpus, load_corpus
from qa.documents.passages import split
from tests.documents.pdfs import encrypted, pdf, raw_pdf

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "mixed-texts.jsonl").read_text("utf-8").splitlines()
]
NAMES = ("Che cos'è {}", "{} (copia 2)", "città {}", "{} 🦶", "note été {}", "{}")
GERMAN = "Die meisten Rückenschmerzen vergehen von selbst. Wer sich bewegt, wird eher gesund als wer im Bett liegt."
NONE = ("Can aspirin prevent a second stroke?", "Come si cura la psoriasi?", "Who won the World Cup in 2006?")
PAGE = """<html lang="{lang}"><head><meta charset="{charset}"><title>{title}</title>
<meta name="author" content="A. Rossi"></head><body><nav><a href="/">Home</a> <a href="/menu">Menu</a></nav>
<article><h1>{title}</h1><p>{text}</p>
<p>{more}</p></article><footer>Cookies</footer></body></html>"""
MORE = {
    "en": "Ask your pharmacist whether it goes with what you take, and read the leaflet before you begin.",
    "it": "Chiedi al farmacista se va d'accordo con quello che prendi, e leggi il foglietto prima di cominciare.",
}


def files() -> dict[str, bytes]:
    """Fifty of them by name: thirty-seven good ones of six sorts, two doubles, eleven that cannot be read."""
    made = {}
    for at, row in enumerate(TEXTS):
        name = f"{'en texts' if row['lang'] == 'en' else 'testi'}/{NAMES[at % 6].format(row['name'])}"
        plain = f"{row['title']}\n\n{row['text']}\n"
        match at % 6:
            case 0:
                made[f"{name}.txt"] = plain.encode()
            case 1:
                made[f"{name}.md"] = f'---\ntitle: "{row["title"]}"\ndate: 2022-04-01\n---\n\n# {plain}'.encode()
            case 2:
                made[f"{name}.html"] = PAGE.format(charset="utf-8", more=MORE[row["lang"]], **row).encode()
            case 3:
                made[f"{name}.pdf"] = pdf(
                    [[row["title"], "", *textwrap.wrap(row["text"], 90)]], row["title"], "C. Verdi"
                )
            case 4:
                made[f"{name}.txt"] = plain.encode("latin-1")
            case _:
                made[f"{name}.html"] = PAGE.format(charset="iso-8859-1", more=MORE[row["lang"]], **row).encode(
                    "latin-1"
                )
    same = made["en texts/Che cos'è gout-en.txt"]
    links = "".join(f'<a href="/{number}">Link {number}</a>' for number in range(30))
    return {
        **made,
        "Rückenschmerz.txt": GERMAN.encode(),
        "the same.txt": same,
        "the same again.txt": same,
        "scan 😀.pdf": raw_pdf([b"0 0 100 100 re f"]),
        "secret.pdf": encrypted(pdf([["Nobody reads this."]]), "x"),
        "broken.pdf": b"%PDF-1.4\nnothing",
        "nothing.txt": b"",
        "nothing.md": b"",
        "links.html": f"<html><body><nav>{links}</nav></body></html>".encode(),
        "noise.txt": random.Random(50).randbytes(3_000),
        "table.csv": b"a,b\n1,2\n",
        "picture.jpg": b"\xff\xd8\xff\xe0" + bytes(100),
        "letter.docx": b"PK\x03\x04" + bytes(50),
        "no text.odt": b"PK\x03\x04" + bytes(50),
    }


REFUSED = {
    "scan 😀.pdf": "without any text, a scan?",
    "secret.pdf": "encrypted",
    "broken.pdf": "a broken PDF",
    "nothing.txt": "empty",
    "nothing.md": "empty",
    "links.html": "hardly a sentence",
    "noise.txt": "a binary file",
    "table.csv": "ending '.csv'",
    "picture.jpg": "ending '.jpg'",
    "letter.docx": "ending '.docx'",
    "no text.odt": "ending '.odt'",
}


def qa(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files lie."""
    root = tmp_path_factory.mktemp("mixed")
    made = files()
    assert len(made) == 50
    for name, data in made.items():
        (root / "articles" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "articles" / name).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def imported(folder: Path) -> Result:
    return qa("import", folder / "articles", "--to", folder / "my-texts")


@pytest.fixture(scope="module")
def corpus(folder: Path, imported: Result) -> Corpus:
    return load_corpus(folder / "my-texts")


def test_what_can_be_read_goes_in_and_what_cannot_is_told(folder: Path, imported: Result) -> None:
    assert imported.exit_code == 1
    assert imported.stdout.startswith(f"37 documents imported into {folder / 'my-texts'}, 2 there already, 11 not\n")
    lines = imported.stdout.splitlines()
    for name, reason in REFUSED.items():
        assert [line for line in lines if "not imported:" in line and f"{name}: " in line and reason in line], name
    assert sum("same text:" in line for line in lines) == 2
    assert any("Rückenschmerz.txt: in no language that Fonte knows" in line for line in lines)


def test_the_folder_is_as_it_should_be(folder: Path, corpus: Corpus) -> None:
    done = qa("check", "--corpus", folder / "my-texts")
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (0, "37 documents, 0 problems")
    languages = [document.language for document in corpus.documents]
    assert (languages.count("en"), languages.count("it"), languages.count(None)) == (18, 18, 1)
    for document in corpus.documents:
        stored = (corpus.path / document.file).read_bytes().decode("utf-8")
        assert [each.text for each in split(document)] == [stored[each.start : each.end] for each in split(document)]


@pytest.mark.parametrize("question", ["Does Restolin have side effects?", "Restolin dà effetti collaterali?"])
def test_the_advert_is_found_with_its_caveats(folder: Path, corpus: Corpus, question: str) -> None:
    body = json.loads(qa("ask", "--corpus", folder / "my-texts", "--json", "--limit", 1, question).stdout)
    assert "Restolin" in body["passages"][0]["text"]
    assert {"promotional", "absolute_safety"} <= {caveat["kind"] for caveat in body["passages"][0]["caveats"]}


def test_its_own_question_set_is_evaluated(folder: Path, corpus: Corpus) -> None:
    rows = []
    for text in TEXTS:
        [document] = [each for each in corpus.documents if text["quote"] in " ".join(each.text.split())]
        for kind in ("same", "cross"):
            question = text.get("question" if kind == "same" else "cross")
            if question:
                lang = text["lang"] if kind == "same" else {"en": "it", "it": "en"}[text["lang"]]
                gold = [{"doc": document.id, "quote": text["quote"]}]
                rows.append({"lang": lang, "kind": kind, "question": question, "gold": gold})
    rows += [{"lang": "en", "kind": "none", "question": each, "gold": [], "topic": "off"} for each in NONE]
    written = [json.dumps({"id": f"q-{number:03}", **row}, ensure_ascii=False) for number, row in enumerate(rows, 1)]
    (folder / "my-texts" / "questions.jsonl").write_text("\n".join(written) + "\n", "utf-8")
    assert len(rows) == 45
    done = qa("evaluate", "--corpus", folder / "my-texts", "--json", "--min", "Success@3=.95", "--min", "exact=1")
    assert done.exit_code == 0, done.stderr
    measures = json.loads(done.stdout)["measures"]
    assert measures["none.refused"] == 1
    assert measures["cross.Success@3"] >= 0.8
