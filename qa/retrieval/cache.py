"""The index of a corpus: opened from the cache, or built and kept there; of a changed corpus only what changed is read.

One file holds the passages' places, the postings of each language, what the documents are about, and every passage's
terms in order with where they stand, from which a later build takes the documents that stayed as they were.
"""

import json
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from qa import cache as kept
from qa.cache import Cache, digest, knowledge, packed, uncollected, unpacked
from qa.documents.corpus import Corpus
from qa.documents.document import Document
from qa.documents.passages import Passage, split
from qa.language.unknown import UNKNOWN
from qa.retrieval.engine import Entry
from qa.retrieval.postings import Builder, Ints, Postings
from qa.retrieval.profiles import Forward, ForwardBuilder, Profile, parsed
from qa.retrieval.terms import index_terms, located_passage_terms, titles
from qa.retrieval.tuning import Parts

NAME = "index"
_CONCENTRATED = 0.75

Topics = Mapping[str, frozenset[str]]


class _Read(NamedTuple):
    """A passage with its terms, the sentences and places of these, and how many sentences it has."""

    passage: Passage
    terms: Sequence[str]
    sentences: Sequence[int]
    places: Sequence[int]
    size: int


class Elsewhere(Protocol):
    """What passages say, where it is not in this process."""

    def bring(self, numbers: Iterable[int]) -> None:
        """Has these passages at hand."""
        ...

    def located(self, number: int) -> str:
        """What `parsed` reads of a passage."""
        ...


@dataclass(frozen=True, eq=False)
class Index:
    """Everything a retriever needs of a corpus. `postings`: for each language, with its passages' numbers.

    `forward`: every passage's terms in order. Where an engine outside this process holds those, and the texts, it is
    None, and `elsewhere` is asked; it is None where the corpus is in memory.
    """

    corpus: str
    passages: tuple[Passage, ...]
    postings: Mapping[str, tuple[Postings, Ints]]
    topics: Topics
    forward: Forward | None
    elsewhere: Elsewhere | None = None

    def entries(self) -> Iterator[Entry]:
        """Every passage with its terms, in the order of the corpus; one in no known language is under `UNKNOWN`."""
        forward = self._here
        for number, passage in enumerate(self.passages):
            code = passage.language or UNKNOWN
            numbers = forward.terms[forward.of(number)].tolist()
            yield Entry(number, code, [self._terms[code][at] for at in numbers])

    def profiles(self, numbers: Sequence[int], code: str, sought: Collection[str]) -> list[Profile]:
        """Where passages of these numbers, all in one language, hold the terms sought; their texts are then at hand."""
        if self.elsewhere is not None:
            self.elsewhere.bring(numbers)
            return [parsed(self.elsewhere.located(number), sought) for number in numbers]
        if code not in self.postings:
            return []
        known = self.postings[code][0].terms
        return self._here.profiles(numbers, {known[term]: term for term in sought if term in known})

    def located(self, number: int) -> str:
        """What `parsed` reads of all terms of a passage."""
        return self._here.written(number, self._terms[self.passages[number].language or UNKNOWN])

    @property
    def _here(self) -> Forward:
        if self.forward is None:
            raise ValueError("the terms of this index are elsewhere")
        return self.forward

    @cached_property
    def _terms(self) -> dict[str, list[str]]:
        return {code: list(postings.terms) for code, (postings, _) in self.postings.items()}


def open_index(corpus: Corpus, parts: Parts, cache: Cache) -> Index:
    """The index of a corpus; it is read, or built and kept."""
    reading = digest([knowledge(), str(parts.headings), str(parts.topics)])
    key = digest([reading, corpus.digest])
    found = cache.read(NAME, key)
    if found is not None:
        return _opened(corpus, found)
    built = _built(corpus, parts, reading, _Earlier.of(cache, reading))
    cache.write(NAME, key, built)
    return _opened(corpus, built)


def topics(titled: Iterable[tuple[str, Iterable[str]]], frequencies: Mapping[str, Mapping[str, int]]) -> Topics:
    """For each language the terms of titles that are found in those titles' documents and hardly elsewhere.

    `titled` has (language, terms of the title) for every passage, `frequencies` for each language how many hold a term.
    """
    counts: dict[str, Counter[str]] = {}
    for code, title in titled:
        counts.setdefault(code, Counter()).update(set(title))
    return {
        code: frozenset(
            term for term, count in counted.items() if count >= _CONCENTRATED * frequencies[code].get(term, count)
        )
        for code, counted in counts.items()
    }


def _built(corpus: Corpus, parts: Parts, reading: str, earlier: "_Earlier") -> dict[str, kept.Part]:
    builders: dict[str, Builder] = {}
    numbers: dict[str, array[int]] = {}
    forward = ForwardBuilder()
    rows, documents, titled = array("i"), [], []
    sections: list[str | None] = []
    for document in corpus.documents:
        told = _told(document)
        documents.append(told)
        code = document.language or UNKNOWN
        builder = builders.setdefault(code, Builder())
        listed = earlier.passages(told, document)
        if listed is None:
            listed = (_read(passage, parts) for passage in split(document))
        title: list[str] | None = None
        for passage, terms, sentences, places, size in listed:
            numbers.setdefault(code, array("i")).append(len(sections))
            builder.add(terms)
            forward.add(builder.numbers(terms), sentences, places, size)
            rows.extend((len(documents) - 1, passage.ordinal, passage.start, passage.end))
            sections.append(passage.section)
            if parts.topics and (above := titles(passage)):
                if title is None or passage.section == above[0]:
                    title = index_terms(above[0], code)
                titled.append((code, title))
    made: dict[str, kept.Part] = {
        "facts": packed((reading, documents, list(numbers), sections)),
        "rows": np.array(rows, np.int32).reshape(-1, 4),
    } | {f"forward/{name}": column for name, column in vars(forward.forward()).items()}
    frequencies = {}
    for code in numbers:
        postings = builders[code].postings()
        frequencies[code] = dict(zip(postings.terms, np.diff(postings.starts).tolist(), strict=True))
        made |= {
            f"{code}/terms": np.frombuffer("\n".join(postings.terms).encode("utf-8", "surrogatepass"), np.uint8),
            f"{code}/starts": postings.starts,
            f"{code}/passages": postings.passages,
            f"{code}/counts": postings.counts,
            f"{code}/lengths": postings.lengths,
            f"{code}/numbers": np.array(numbers[code], np.int32),
        }
    made["topics"] = packed(dict(topics(titled, frequencies)))
    return made


def _read(passage: Passage, parts: Parts) -> _Read:
    located, size = located_passage_terms(passage, passage.language or UNKNOWN, parts.headings)
    terms, sentences, places = zip(*located, strict=True) if located else ((), (), ())
    return _Read(passage, terms, sentences, places, size)


def _opened(corpus: Corpus, found: kept.Parts) -> Index:
    _, _, codes, sections = unpacked(found["facts"])
    documents = corpus.documents
    with uncollected():
        passages = tuple(
            Passage(documents[document], ordinal, section, start, end)
            for (document, ordinal, start, end), section in zip(found["rows"].tolist(), sections, strict=True)
        )
    postings = {
        code: (
            Postings(
                {term: number for number, term in enumerate(_listed(found, code))},
                found[f"{code}/starts"],
                found[f"{code}/passages"],
                found[f"{code}/counts"],
                found[f"{code}/lengths"],
            ),
            found[f"{code}/numbers"],
        )
        for code in codes
    }
    return Index(corpus.digest, passages, postings, unpacked(found["topics"]), _forward(found))


def _forward(found: kept.Parts) -> Forward:
    return Forward(**{each.name: found[f"forward/{each.name}"] for each in fields(Forward)})


def _listed(found: kept.Parts, code: str) -> list[str]:
    """The terms of a language in the order of their numbers."""
    joined = found[f"{code}/terms"].tobytes().decode("utf-8", "surrogatepass")
    return joined.split("\n") if joined else []


def _told(document: Document) -> bytes:
    """Digest of all of a document that decides its passages and their terms."""
    facts = [document.id, document.sha256, document.language, document.title, document.titled, document.whole]
    return bytes.fromhex(digest([json.dumps(facts)]))[:16]


class _Earlier:
    """The documents of an index kept before that was read in the same way."""

    def __init__(self, found: kept.Parts | None) -> None:
        self._found = found
        self._places: dict[bytes, tuple[int, int]] = {}
        if found is None:
            return
        _, documents, codes, self._sections = unpacked(found["facts"])
        self._terms = {code: _listed(found, code) for code in codes}
        starts = np.searchsorted(found["rows"][:, 0], np.arange(len(documents) + 1)).tolist()
        self._places = {told: (starts[at], starts[at + 1]) for at, told in enumerate(documents)}

    @classmethod
    def of(cls, cache: Cache, reading: str) -> "_Earlier":
        """The one kept last, if any."""
        same = (found for found in cache.others(NAME) if unpacked(found["facts"])[0] == reading)
        return cls(next(same, None))

    def passages(self, told: bytes, document: Document) -> Iterator[_Read] | None:
        """The passages of a document as they were read; None for one that is new or changed."""
        place = self._places.get(told)
        return None if place is None or self._found is None else self._read(place, document, self._found)

    def _read(self, place: tuple[int, int], document: Document, found: kept.Parts) -> Iterator[_Read]:
        forward = _forward(found)
        terms = self._terms.get(document.language or UNKNOWN, [])
        for at in range(*place):
            _, ordinal, start, end = found["rows"][at].tolist()
            part = forward.of(at)
            yield _Read(
                Passage(document, ordinal, self._sections[at], start, end),
                [terms[number] for number in forward.terms[part].tolist()],
                forward.sentences[part].tolist(),
                forward.places[part].tolist(),
                int(forward.sizes[at]),
            )
