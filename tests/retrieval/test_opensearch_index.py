"""An index is written whole or not taken into use, whoever else writes and however busy the cluster is."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from qa.errors import EngineError
from qa.retrieval import opensearch_index
from qa.retrieval.engine import Entry
from qa.retrieval.opensearch_index import Writer, index_in_use, read_facts
from tests.retrieval.open_search import FakeCluster, call

ENTRIES = [Entry(number, ("en", "it")[number % 2], ["pain", f"t{number}"]) for number in range(30)]


def write(cluster: FakeCluster, corpus: str, entries: Iterator[Entry] | None = None) -> None:
    Writer(cluster, call, "wells", corpus).write(entries or iter(ENTRIES), lambda done: None)


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> FakeCluster:
    monkeypatch.setattr(opensearch_index, "_BULK", 10)
    return FakeCluster()


def test_who_is_overtaken_by_another_run_does_not_put_half_an_index_in_use(cluster: FakeCluster) -> None:
    write(cluster, "in use")

    def overtaken() -> Iterator[Entry]:
        yield from ENTRIES[:15]
        write(cluster, "of the other run")  # removes what is neither in use nor was so before
        yield from ENTRIES[15:]

    with pytest.raises(EngineError, match=r"another `qa index` .* run it again"):
        write(cluster, "of this run", overtaken())
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert (facts.corpus, facts.sizes) == ("of the other run", {"en": 15, "it": 15})
    write(cluster, "of this run")
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert facts.corpus == "of this run"


def test_an_index_that_has_just_come_into_use_is_not_removed(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cluster, "in use")
    other = Writer(cluster, call, "wells", "of the other run")
    other._create(shards=1, replicas=0)
    swapped = cluster.update_aliases

    def and_then_the_other(body: Mapping[str, Any], **how: Any) -> None:
        swapped(body, **how)
        cluster.update_aliases = swapped
        other.write(iter(ENTRIES), lambda done: None)

    monkeypatch.setattr(cluster, "update_aliases", and_then_the_other)
    write(cluster, "of this run")
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert (facts.corpus, facts.sizes) == ("of the other run", {"en": 15, "it": 15})


def test_two_runs_of_one_corpus_may_go_on_side_by_side(cluster: FakeCluster) -> None:
    def beside() -> Iterator[Entry]:
        yield from ENTRIES[:15]
        write(cluster, "same")
        yield from ENTRIES[15:]

    write(cluster, "same", beside())
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert facts.sizes == {"en": 15, "it": 15}
    assert facts.vocabularies["en"]["pain"] == 15


def test_a_run_that_is_broken_off_is_completed_and_only_then_in_use(cluster: FakeCluster) -> None:
    def killed() -> Iterator[Entry]:
        yield from ENTRIES[:25]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(cluster, "one", killed())
    assert index_in_use(cluster, call, "wells") is None
    before = len(cluster.bodies)
    write(cluster, "one")
    assert index_in_use(cluster, call, "wells") is not None
    assert cluster.bodies[before].count(b"\n") == 2 * 10  # what was in is not written again: ten of thirty were left


def test_a_busy_cluster_is_asked_again(cluster: FakeCluster) -> None:
    cluster.busy = 2
    write(cluster, "one")
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert facts.sizes == {"en": 15, "it": 15}


def test_a_shard_that_does_not_answer_is_no_index_without_its_words(cluster: FakeCluster) -> None:
    write(cluster, "one")
    cluster.partial = 1
    facts = read_facts(cluster, call, "wells")
    assert facts is not None
    assert facts.sizes == {"en": 15, "it": 15}
