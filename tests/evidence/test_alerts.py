"""Alerts: every row's own examples, the shipped questions decided by hand, unseen questions, false alarms."""

import json
from pathlib import Path

import pytest

from qa.answering.answerer import alert_of
from qa.evidence.alerts import KINDS, alert
from qa.evidence.cues import CueSet
from qa.language.files import DATA
from qa.language.registry import LANGUAGES

ROOT = Path(__file__).parents[2]
TOLD = ROOT / "tests" / "data" / "alert-questions.tsv"
SHIPPED = ROOT / "corpus" / "questions.jsonl"
PUBLIC = ROOT.parent / "shared" / "benchmarks" / "squad"
HIGHEST_FALSE_ALARMS = 0.02  # share of the questions that call for no alert

# Decided by reading all 146 shipped questions; what is not named here calls for no alert.
EXPECTED = {
    "d-004": "medicine",  # one supplement, "and she can bin everything else"
    "d-024": "medicine",  # magnesium on top of Laroxyl
    "d-041": "medicine",  # ten pills a day, and mesotherapy besides
    "d-049": "medicine",  # on amitriptyline, a mineral added
    "d-062": "medicine",  # a cupboard full of pills, and an injection besides
    "d-076": "medicine",  # kratom in place of medicines or added to them
    "d-081": "medicine",  # fewer painkillers thanks to kratom
    "d-093": "medicine",  # magnesium beside other therapies
    "d-099": "medicine",  # paracetamol for a toddler
    "d-109": "medicine",  # breast-feeding
    "d-119": "medicine",  # fifth month of pregnancy
}

CALLS_FOR: dict[str, set[str | None]] = {
    "emergency": {"emergency"},
    "medicine": {"medicine"},
    "no emergency": {"medicine", None},
    "nothing": {None},
}

# Mostly from a list written after the rows and before looking at what they do with it: of its 63 alerts 6 were missed,
# of its 48 harmless questions none alarmed. The misses were mended since, so this table now only guards.
UNSEEN: list[tuple[str, str | None]] = [
    ("my sister drank a whole bottle of codeine syrup", "emergency"),
    ("He had three grams of kratom too many and is slurring his words", "emergency"),
    ("breathing is getting difficult since the infusion", "emergency"),
    ("My partner collapsed after the ketamine clinic", "emergency"),
    ("grandpa is unconscious on the floor", "emergency"),
    ("I'm having suicidal thoughts since starting pregabalin", "emergency"),
    ("i just want to die, nothing helps the pain", "emergency"),
    ("I took eight tramadol, is that bad?", "emergency"),
    ("my son ate a handful of vitamin gummies and magnesium pills", "emergency"),
    ("feel faint and my chest is tight, arm numb", "emergency"),
    ("She threatens to hurt herself", "emergency"),
    ("mia sorella ha bevuto un flacone di codeina", "emergency"),
    ("faccio fatica a respirare dopo l'infusione", "emergency"),
    ("il mio compagno è svenuto dopo la ketamina", "emergency"),
    ("il nonno e privo di sensi a terra", "emergency"),
    ("ho pensieri suicidi da quando prendo il pregabalin", "emergency"),
    ("VOGLIO SOLO MORIRE NIENTE MI TOGLIE IL DOLORE", "emergency"),
    ("ho preso otto pastiglie di tramadolo, è grave?", "emergency"),
    ("mio figlio piccolo ha mangiato le pastiglie di magnesio", "emergency"),
    ("ha mandato giù tutti i suoi antidepressivi", "emergency"),
    ("credo di aver esagerato col kratom, mi manca l'aria", "emergency"),
    ("minaccia di farsi del male", "emergency"),
    ("Can you stop taking Lyrica suddenly?", "medicine"),
    ("Should I lower my dose of oxycodone when I try kratom", "medicine"),
    ("Is it bad to have kratom with antidepressants", "medicine"),
    ("kratom + zoloft??", "medicine"),
    ("my mum wants to give up her heart pills for herbs", "medicine"),
    ("can i use mesotherapy at 20 weeks pregnant", "medicine"),
    ("how much ibuprofen can my 5 yr old have", "medicine"),
    ("Can kids drink kratom tea?", "medicine"),
    ("the kratom seller told me to throw my pills away", "medicine"),
    ("si può interrompere il Lyrica di colpo?", "medicine"),
    ("devo abbassare la dose di ossicodone se provo il kratom", "medicine"),
    ("fa male prendere kratom con gli antidepressivi", "medicine"),
    ("mia madre vuole smettere le pastiglie del cuore per le erbe", "medicine"),
    ("mesoterapia alla ventesima settimana di gravidanza", "medicine"),
    ("quanto ibuprofene per mio figlio di 5 anni", "medicine"),
    ("i bambini possono bere il tè di kratom?", "medicine"),
    ("E in gravidanza?", "medicine"),
    ("And for children?", "medicine"),
    ("il venditore di kratom mi ha detto di buttare le mie pastiglie", "medicine"),
    ("Is kratom stronger than morphine?", None),
    ("Which opioid receptors does kratom bind to?", None),
    ("Would I be out cold while the ketamine is going in?", None),
    ("How is amitriptyline thought to work?", None),
    ("Does kratom affect breathing?", None),
    ("How do I stop my kids fighting in the car?", None),
    ("I could kill for a good pizza in Turin", None),
    ("I think my basil is dying", None),
    ("too many tabs open in the browser", None),
    ("Il magnesio è una medicina o un integratore?", None),
    ("Il kratom dà meno dipendenza degli oppiacei?", None),
    ("Il kratom interagisce con i recettori oppioidi?", None),
    ("Dove porto i bambini quando piove?", None),
    ("Sto morendo di fame, dove si mangia a Trastevere?", None),
    ("Ogni quanto devo cambiare le pastiglie dei freni?", None),
    ("Il telefono è morto, come lo carico?", None),
    ("", None),
    ("???", None),
]


def _chunks(code: str) -> tuple[str, list[str]]:
    """The head (classes) of a language's file, and the text of each of its rows."""
    head, *rows = (DATA / code / "alerts.toml").read_text("utf-8").split("[[cue]]\n")
    return head, rows


ROWS = [(code, number) for code in LANGUAGES for number in range(len(_chunks(code)[1]))]


@pytest.mark.parametrize(("code", "number"), ROWS)
def test_row(code: str, number: int, tmp_path: Path) -> None:
    """A row alone finds its `matches`; its `ignores` raise no such alert, whatever the other rows hold."""
    head, rows = _chunks(code)
    path = tmp_path / "alerts.toml"
    path.write_text(f"{head}[[cue]]\n{rows[number]}", "utf-8")
    cues = CueSet(path, categories=KINDS)
    [row] = cues.rows
    assert row["matches"] and row["ignores"]
    assert [text for text in row["matches"] if not cues.find(text)] == []
    assert {alert(text) for text in row["matches"]} == {row["category"]}
    assert [text for text in row["ignores"] if alert(text) == row["category"]] == []


def test_every_language_has_the_same_ideas() -> None:
    ideas = {
        code: [
            (row["category"], row["why"])
            for row in CueSet(LANGUAGES[code].folder / "alerts.toml", categories=KINDS).rows
        ]
        for code in LANGUAGES
    }
    first = ideas["en"]
    assert len(first) == len(set(first)) >= 60
    assert {code: listed for code, listed in ideas.items() if listed != first} == {}


@pytest.mark.parametrize(("question", "kind"), UNSEEN)
def test_unseen(question: str, kind: str | None) -> None:
    assert alert(question) == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("I'm pregnant and I can't breathe", "emergency"),  # the more urgent wins
        ("Io sto bene, but my brother isn't breathing", "emergency"),  # a mixed question
        ("Non riesco a respirare. Can I stop my pills?", "emergency"),
    ],
)
def test_the_more_urgent_alert_is_given_in_any_language(question: str, kind: str) -> None:
    assert alert(question) == kind


@pytest.mark.parametrize("code", ["en", "it"])
@pytest.mark.parametrize(("calls_for", "kinds"), CALLS_FOR.items())
def test_told_in_many_ways(code: str, calls_for: str, kinds: set[str | None]) -> None:
    """Strokes, hearts, overdoses, fits, blood, despair of oneself and of others, medicines; and what only looks so.

    It guards and measures nothing. Of the last 50 emergencies, written before looking, 32 were found (22 by the rows
    before these); the others were mended since, as all earlier ones were.
    """
    rows = [line.split("\t") for line in TOLD.read_text("utf-8").splitlines()[1:]]
    questions = [question for language, wanted, question in rows if (language, wanted) == (code, calls_for)]
    assert len(questions) >= 20
    assert [question for question in questions if alert(question) not in kinds] == []


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("I took ten of them an hour ago and feel very drowsy", "Is kratom addictive?"),
        ("Ne ho presi dieci un'ora fa e ho molto sonno", "Il kratom dà dipendenza?"),
    ],
)
def test_an_overdose_told_as_a_follow_up(question: str, earlier: str) -> None:
    assert alert_of(question, [earlier]) == "emergency"


def test_shipped_questions() -> None:
    rows = [json.loads(line) for line in SHIPPED.read_text("utf-8").splitlines()]
    found = {row["id"]: alert(row["question"]) for row in rows}
    assert EXPECTED.keys() <= found.keys()
    missed = {name: kind for name, kind in EXPECTED.items() if found[name] != kind}
    false = [name for name, kind in found.items() if kind and name not in EXPECTED]
    assert missed == {}
    assert len(false) / (len(rows) - len(EXPECTED)) < HIGHEST_FALSE_ALARMS, false


@pytest.mark.parametrize("code", ["en", "it"])
def test_public_questions_raise_almost_no_alert(code: str) -> None:
    path = PUBLIC / code / "queries.jsonl"
    if not path.is_file():
        pytest.skip(f"the public questions of squad/{code} are not here")
    questions = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    alarms = [question for question in questions if alert(question)]
    assert len(questions) == 2000
    assert len(alarms) <= 4, alarms  # .002: none of these questions is about anybody's health
