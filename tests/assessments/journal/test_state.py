"""The register of values: what several pages write becomes one state, and nothing goes unseen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.journal import Entry, Gap, State, applied

FIELDS = ("choice", "order")


def entry(
    writer: str,
    sequence: int,
    value: str | None,
    seen: dict[str, int] | None = None,
    clock: int = 0,
) -> Entry:
    return Entry(writer, sequence, clock or sequence, seen or {}, {"choice": value})


def after(*entries: Entry) -> State:
    state = State()
    for each in entries:
        state = applied(state, each)
    return state


@dataclass
class World:
    """Pages that write, and now and then learn how things stand: every entry in causal order."""

    entries: list[Entry] = field(default_factory=list)
    known: dict[str, State] = field(default_factory=dict)

    def write(self, writer: str, name: str, value: str | None) -> None:
        mine = self.known.get(writer, State())
        new = Entry(
            writer, mine.past.get(writer, 0) + 1, mine.clock + 1, dict(mine.past), {name: value}
        )
        self.entries.append(new)
        self.known[writer] = applied(mine, new)

    def meet(self, writer: str, other: str) -> None:
        """Let a page learn all that another one knows: every entry of its past, in order."""
        mine, theirs = self.known.get(writer, State()), self.known.get(other, State())
        for each in self.entries:
            if mine.past.get(each.writer, 0) < each.sequence <= theirs.past.get(each.writer, 0):
                mine = applied(mine, each)
        self.known[writer] = mine


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.sampled_from("abc"),
            st.sampled_from(FIELDS),
            st.one_of(st.none(), st.sampled_from("xyz")),
        ),
        st.tuples(st.just("meet"), st.sampled_from("abc"), st.sampled_from("abc")),
    ),
    max_size=25,
)


def played(listed: Sequence[tuple[str, ...]]) -> World:
    world = World()
    for verb, *rest in listed:
        getattr(world, verb)(*rest)
    return world


@given(steps, st.randoms(use_true_random=False))
def test_the_order_in_which_writers_entries_arrive_changes_nothing(
    listed: list[tuple[str, ...]], chance: object
) -> None:
    world = played(listed)
    lines = {w: [e for e in world.entries if e.writer == w] for w in "abc"}
    state = State()
    while any(lines.values()):
        ready = [w for w in "abc" if lines[w] and _knows(state, lines[w][0])]
        state = applied(state, lines[chance.choice(ready)].pop(0))  # type: ignore[attr-defined]
    assert state == after(*world.entries)


def _knows(state: State, entry: Entry) -> bool:
    """Whether all that an entry's page had seen has arrived: pages see only what the server has."""
    return all(state.past.get(writer, 0) >= number for writer, number in entry.seen.items())


@given(steps)
def test_an_entry_that_comes_again_changes_nothing(listed: list[tuple[str, ...]]) -> None:
    world = played(listed)
    state = after(*world.entries)
    for each in world.entries:
        assert applied(state, each) is state


@given(steps)
def test_every_value_is_a_tip_or_was_seen_by_one_that_replaced_it(
    listed: list[tuple[str, ...]],
) -> None:
    world = played(listed)
    state = after(*world.entries)
    for each in world.entries:
        for name in each.changes:
            standing = any(
                (tip.writer, tip.sequence) == (each.writer, each.sequence)
                for tip in state.fields[name]
            )
            replaced = any(
                name in later.changes
                and (later.writer, later.sequence) != (each.writer, each.sequence)
                and (
                    later.seen.get(each.writer, 0) >= each.sequence
                    or (later.writer == each.writer and later.sequence > each.sequence)
                )
                for later in world.entries
            )
            assert standing != replaced


@given(steps)
def test_a_state_survives_being_kept(listed: list[tuple[str, ...]]) -> None:
    state = after(*played(listed).entries)
    assert State.of_json(state.as_json()) == state


def test_values_written_without_knowing_of_one_another_are_both_kept() -> None:
    state = after(entry("a", 1, "x"), entry("b", 1, "y"))
    assert {tip.value for tip in state.rivals()["choice"]} == {"x", "y"}


def test_the_same_value_twice_is_no_rivalry() -> None:
    assert after(entry("a", 1, "x"), entry("b", 1, "x")).rivals() == {}


def test_whoever_has_seen_both_decides() -> None:
    state = after(entry("a", 1, "x"), entry("b", 1, "y"), entry("a", 2, "x", {"b": 1}, clock=2))
    assert state.rivals() == {}
    assert state.answer() == {"choice": "x"}


def test_the_greater_clock_counts_while_nobody_has_decided() -> None:
    assert after(entry("a", 1, "x", clock=7), entry("b", 1, "y")).answer() == {"choice": "x"}


def test_a_field_that_is_no_longer_sent_is_not_in_the_answer() -> None:
    assert after(entry("a", 1, "x"), entry("a", 2, None)).answer() == {}


def test_an_entry_before_which_one_is_missing_waits() -> None:
    with pytest.raises(Gap) as gap:
        after(entry("a", 1, "x"), entry("a", 3, "z"))
    assert gap.value.wanted == 2
