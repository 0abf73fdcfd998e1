"""From a question to concepts: phrases, translations, synonyms, look-alikes, frame words, mixed languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.language.registry import LANGUAGES
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Entry
from qa.retrieval.query import FRAME_WEIGHT, Concept, Query, QueryBuilder, frame_words, is_headword
from qa.retrieval.terms import index_terms
from qa.retrieval.tuning import Parts
from qa.retrieval.variants import LEAST_VARIANT
from qa.settings import SHIPPED_CORPUS


@pytest.fixture(scope="module")
def shipped() -> QueryBuilder:
    """The builder over the five texts."""
    return Answerer(load_corpus(SHIPPED_CORPUS)).retriever.builder


NEAR = {"synonym", "everyday"}


def over(parts: Parts | None = None, /, **texts: str) -> QueryBuilder:
    """A builder over one passage in each of some languages."""
    engine = EmbeddedEngine()
    engine.index(Entry(n, code, index_terms(text, code)) for n, (code, text) in enumerate(texts.items()))
    return QueryBuilder(engine, parts or Parts())


def variants(query: Query, code: str) -> dict[str, str]:
    """Index term → how it was come by, over all concepts of a query."""
    return {variant.term: variant.via for concept in query.concepts for variant in concept.variants.get(code, ())}


@pytest.mark.parametrize(
    ("question", "language", "code", "term", "via"),
    [
        # the word itself, in whatever inflection or spelling
        ("Il magnesio aiuta?", "it", "it", "magnes", "word"),
        ("l’INFIAMMAZIONE dei nervi", "it", "it", "infiamm", "word"),
        ("Is kratom addictive?", "en", "en", "kratom", "word"),
        # phrases
        ("effetti collaterali del magnesio", "it", "it", "effett_collateral", "word"),
        ("side effects of kratom", "en", "en", "side_effect", "word"),
        # translations, of words and of phrases
        ("Il magnesio aiuta?", "it", "en", "magnesium", "translation"),
        ("Does ketamine help?", "en", "it", "ketamin", "translation"),
        ("side effects of kratom", "en", "it", "effett_collateral", "translation"),
        ("fuoco di Sant'Antonio", "it", "en", "shingl", "translation"),
        # synonyms and everyday words
        ("painkiller", "en", "en", "analges", "near"),
        ("pins and needles", "en", "en", "tingl", "near"),
        ("aiuta contro il dolore", "it", "it", "allev", "near"),
        # mistyped, and typed without accents
        ("fibromialga", "it", "it", "fibromialg", "word"),
        ("il magensio", "it", "it", "magnes", "spelling"),
        ("difficolta", "it", "it", "difficolt", "word"),
        # a word of the other language in a question
        ("il magnesium aiuta?", "it", "en", "magnesium", "any"),
        ("what is mesoterapia", "en", "it", "mesoterap", "word"),
    ],
)
def test_variants(shipped: QueryBuilder, question: str, language: str, code: str, term: str, via: str) -> None:
    found = variants(shipped.build(question, language), code)
    assert term in found
    assert via == "any" or via == ("near" if found[term] in NEAR else found[term])


def test_synonyms_and_translations_count_less_than_the_word(shipped: QueryBuilder) -> None:
    (concept,) = [c for c in shipped.build("side effects", "en").concepts if c.text == "side effects"]
    weights = {variant.term: variant.weight for variant in concept.variants["en"]}
    assert weights.pop("side_effect") == 1.0
    assert weights
    assert max(weights.values()) < 0.7


@pytest.mark.parametrize(
    ("question", "language", "texts"),
    [
        ("Il magnesio, il magnesio e il MAGNESIO", "it", ["magnesio"]),  # said three times, one concept
        ("di il la", "it", []),  # only stop words
        ("😀", None, []),
        ("", None, []),
    ],
)
def test_concepts(shipped: QueryBuilder, question: str, language: str | None, texts: list[str]) -> None:
    assert [concept.text for concept in shipped.build(question, language).concepts] == texts


def test_a_mistyped_word_stands_in_a_phrase_as_what_it_was_meant_to_be(shipped: QueryBuilder) -> None:
    query = shipped.build("does kratom have side efects", "en")
    assert variants(query, "en")["side_effect"] == "word"
    assert "side efects" in [concept.text for concept in query.concepts]


def test_a_mistyped_word_of_asking_is_none_of_the_matter(shipped: QueryBuilder) -> None:
    asked = [concept.text for concept in shipped.build("wich magnesium for evryone", "en").concepts]
    assert "magnesium" in asked
    assert not {"wich", "evryone"} & set(asked)


def test_a_phrase_that_no_text_has_is_read_as_its_words() -> None:
    read = over(en="They went far away, and it was wrong.").build("it went wrong", "en")
    assert {concept.text: concept.weight for concept in read.concepts} == {"went": FRAME_WEIGHT, "wrong": FRAME_WEIGHT}
    told = over(en="A dysfunction of the nerves.").build("it went wrong", "en")
    assert "went wrong" in [concept.text for concept in told.concepts]


def test_of_a_phrase_found_whole_the_words_count_half(shipped: QueryBuilder) -> None:
    weights = {c.text: c.weight for c in shipped.build("effetti collaterali", "it").concepts}
    assert weights == {"effetti collaterali": 1.0, "effetti": 0.5, "collaterali": 0.5}


@pytest.mark.parametrize(
    ("question", "language", "frames"),
    [
        ("mio cugino dice che funziona", "it", {"cugino", "dice", "funziona"}),
        ("my doctor said it is worth a try", "en", {"said", "worth", "try"}),
        ("Il magnesio contro la sciatica", "it", set()),
        ("effetti collaterali", "it", set()),
    ],
)
def test_words_of_asking_are_frame(shipped: QueryBuilder, question: str, language: str, frames: set[str]) -> None:
    concepts = shipped.build(question, language).concepts
    assert frames <= {c.text for c in concepts if c.frame}
    assert not {"magnesio", "sciatica", "effetti collaterali"} & {c.text for c in concepts if c.frame}
    assert all(c.weight < 1 for c in concepts if c.frame)


def test_every_language_has_frame_words() -> None:
    assert all(len(frame_words(code)) > 50 for code in LANGUAGES)


def test_a_concept_of_the_documents_titles_weighs_more(shipped: QueryBuilder) -> None:
    weights = {c.text: c.weight for c in shipped.build("magnesio e diarrea", "it").concepts}
    assert weights["magnesio"] > weights["diarrea"]


def test_a_question_of_unclear_language_is_read_in_all(shipped: QueryBuilder) -> None:
    (concept,) = shipped.build("magnesio", None).concepts
    assert "magnes" in {variant.term for variant in concept.variants["it"]}
    assert "magnesium" in {variant.term for variant in concept.variants["en"]}


def test_weights_scale() -> None:
    full, half = (over(it="magnesio").build("magnesio", "it", weight).concepts[0].weight for weight in (1.0, 0.5))
    assert half == full / 2


# Over passages of one or two words: what must meet and what must not.


@pytest.mark.parametrize(
    ("question", "language", "texts"),
    [
        ("amitriptyline", "en", {"it": "l'amitriptilina"}),
        ("fibromyalgia", "en", {"it": "la fibromialgia"}),
        ("parents", "en", {"it": "i genitori"}),
        ("factory", "en", {"it": "in fabbrica"}),
        ("neuropaty", "en", {"en": "neuropathy"}),
        ("sciattica", "it", {"it": "la sciatica"}),
        ("herpes zoster", "it", {"it": "il fuoco di sant'antonio"}),
        ("injection", "en", {"it": "una puntura"}),
    ],
)
def test_what_must_meet(question: str, language: str, texts: dict[str, str]) -> None:
    (code,) = texts
    assert variants(over(**texts).build(question, language), code)


FALSE_FRIENDS = [
    ("parents", "en", {"it": "il parente"}),
    ("factory", "en", {"it": "la fattoria"}),
    ("pretend", "en", {"it": "pretendere"}),
    ("morbid", "en", {"it": "pelle morbida"}),
    ("magazine", "en", {"it": "il magazzino"}),
    ("sensible", "en", {"it": "persona sensibile"}),
    ("estate", "it", {"en": "real estate"}),
]
STRANGERS = [
    ("library", "en", {"it": "la libertà"}),
    ("cold", "en", {"it": "acqua calda"}),
    ("pane", "it", {"en": "pain"}),
    ("sale", "it", {"en": "on sale"}),
    ("dove", "it", {"en": "a dove"}),
    ("come", "it", {"en": "come here"}),
    ("nerve", "en", {"it": "la neve"}),
    ("kratom", "en", {"it": "un atomo"}),
    ("xyzzy", "en", {"en": "anything else"}),
]


@pytest.mark.parametrize(
    ("question", "language", "texts"),
    [
        *STRANGERS,
        *FALSE_FRIENDS,
    ],
)
def test_what_must_not(question: str, language: str, texts: dict[str, str]) -> None:
    (code,) = texts
    assert variants(over(**texts).build(question, language), code) == {}


def test_every_word_that_no_text_has_is_a_concept_of_its_own() -> None:
    concepts = over(it="magnesio").build("qwertx zxcvbn magnesio", "it").concepts
    assert [concept.text for concept in concepts] == ["qwertx", "zxcvbn", "magnesio"]


@pytest.mark.parametrize(
    ("part", "question", "texts"),
    [
        ("lexicon", "shingles", {"it": "il fuoco di sant'antonio"}),
        ("synonyms", "painkiller", {"en": "an analgesic"}),
        ("everyday", "kills pain", {"en": "an analgesic"}),
        ("spelling", "magneesium", {"en": "magnesium"}),
        ("phrases", "side effect", {"en": "a side effect"}),
    ],
)
def test_every_part_can_be_switched_off(part: str, question: str, texts: dict[str, str]) -> None:
    (code,) = texts
    bare = dict.fromkeys(("lexicon", "synonyms", "everyday", "cognates", "spelling", "phrases"), False)
    without = variants(over(Parts(**bare), **texts).build(question, "en"), code)
    with_it = variants(over(Parts(**bare | {part: True, "phrases": True}), **texts).build(question, "en"), code)
    assert set(with_it) > set(without)


@pytest.mark.parametrize(
    ("word", "code", "known"),
    [("magnesio", "it", True), ("neuropathies", "en", True), ("qwertx", "it", False), ("magnesio", "en", False)],
)
def test_headwords(word: str, code: str, known: bool) -> None:
    assert is_headword(word, code) == known


@settings(max_examples=60)
@given(st.text(max_size=80), st.sampled_from([None, *LANGUAGES]))
def test_any_question(text: str, language: str | None) -> None:
    builder = TINY
    query = builder.build(text, language)
    assert query == builder.build(text, language)
    for concept in query.concepts:
        assert sound(concept, text)


TINY = over(it="il magnesio allevia il dolore ai nervi", en="kratom has side effects")


def sound(concept: Concept, text: str) -> bool:
    """A concept's promises: its words stand in the question, its variants in the texts, its weights in (0, 1]."""
    assert concept.text == text[concept.start : concept.end]
    for code, listed in concept.variants.items():
        assert all(variant.term in TINY.engine.vocabulary(code) for variant in listed)
        assert all(0 < variant.weight <= 1 for variant in listed)
        assert [v.weight for v in listed] == sorted((v.weight for v in listed), reverse=True)
        group = concept.group(code)
        assert group is not None
        assert group.weight == concept.weight
    assert concept.group("xx") is None
    return LEAST_VARIANT > 0
