"""Nothing acknowledged is lost, whatever is dropped, repeated, reordered, delayed or killed.

``python -m benchmarks lost`` plays more worlds than these.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assessments.journal import Entry, State, Tip
from assessments.journal import state as rules
from tests.assessments.journal import pages, world
from tests.assessments.journal.pages import DraftPage, Json, Node
from tests.assessments.journal.simulation import simulated, simulated_shipped

WORLDS, A_PART = 10_000, 2_500
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")


@pytest.fixture
def node() -> Iterator[Node]:
    with Node() as process:
        yield process


@pytest.mark.parametrize("first", range(0, WORLDS, A_PART))
def test_no_world_loses_an_acknowledged_answer(first: int) -> None:
    assert sum(1 for _ in simulated(range(first, first + A_PART))) == A_PART


@needs_node
def test_the_page_that_browsers_get_loses_none_either(node: Node) -> None:
    assert sum(1 for _ in simulated_shipped(range(WORLDS, WORLDS + 2_000), node)) == 2_000


@needs_node
def test_both_pages_end_alike(node: Node) -> None:
    seeds = range(200)
    assert list(simulated_shipped(seeds, node)) == list(simulated(seeds))


# What the simulation is worth: each of these faults has to be found by it.
def _takes_old_answers(patch: pytest.MonkeyPatch) -> None:
    def learnt(state: State, news: Json) -> State:
        return State(news["past"], {**state.fields, **State.of_json(news).fields})

    patch.setattr(pages, "_learnt", learnt)


def _settles_while_typing(patch: pytest.MonkeyPatch) -> None:
    seen = DraftPage._seen
    patch.setattr(DraftPage, "_seen", lambda page, _names=None: seen(page, []))


def _exchanges_what_is_typed(patch: pytest.MonkeyPatch) -> None:
    def shown(_page: DraftPage, state: State, name: str) -> str | None:
        return state.fields[name][0].value

    patch.setattr(DraftPage, "_shown", shown)


def _takes_up_names(patch: pytest.MonkeyPatch) -> None:
    begin = DraftPage.__init__

    def begin_as_before(page: DraftPage, known: Json, left: list[Json], names: Any) -> None:
        begin(page, known, left, names)
        if page.left:
            page.own |= page.left.pop()
            page.own["next"] = page.own["pending"][-1]["sequence"] + 1

    patch.setattr(DraftPage, "__init__", begin_as_before)


def _changes_what_is_under_way(patch: pytest.MonkeyPatch) -> None:
    batch = DraftPage.batch

    def forgetful(page: DraftPage) -> Json | None:
        found = batch(page)
        page.own["sent"] = 0
        return found

    patch.setattr(DraftPage, "batch", forgetful)


def _believes_what_forms_say(patch: pytest.MonkeyPatch) -> None:
    def seen(tip: Tip, entry: Entry) -> bool:
        return tip.writer == entry.writer or tip.sequence <= entry.seen.get(tip.writer, 0)

    patch.setattr(rules, "_seen", seen)


def _keeps_back_what_a_page_lacks(patch: pytest.MonkeyPatch) -> None:
    def known(_sent: Json, entries: list[Entry]) -> dict[str, int]:
        return {**entries[-1].seen, entries[0].writer: entries[-1].sequence}

    patch.setattr(world, "known_of", known)


def _overwrites(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "_seen", lambda _tip, _entry: True)


@pytest.mark.parametrize(
    "fault",
    [
        _takes_old_answers,
        _settles_while_typing,
        _exchanges_what_is_typed,
        _takes_up_names,
        _changes_what_is_under_way,
        _believes_what_forms_say,
        _keeps_back_what_a_page_lacks,
        _overwrites,
    ],
)
def test_the_simulation_finds_faults(
    fault: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        list(simulated(range(1_000)))
