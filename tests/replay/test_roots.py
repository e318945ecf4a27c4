"""Heads of the tree on record: the true ones pass, every other one is found."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay.entry import entry_of
from replay.invariants.roots import Roots
from schema.events.operations import Job
from schema.events.proving import TreeHead
from schema.tree import Frontier
from tests.doubles.memory_leaf import memory_leaf
from tests.doubles.story import ACCOUNT, Story


def tree(story: Story, size: int) -> Frontier:
    log = story.store.log(ACCOUNT)
    return Frontier().grown(memory_leaf(row, log) for row in log.rows[:size])


def sealed(story: Story, covered: int, **changed: object) -> None:
    grown = tree(story, covered)
    peaks = tuple(peak.hex() for peak in grown.peaks)
    head = TreeHead(size=covered, root=grown.root().hex(), peaks=peaks)
    story.say(msgspec.structs.replace(head, **changed))


def faults(story: Story) -> list[str]:
    roots, log = Roots(), story.store.log(ACCOUNT)
    said = [roots.fault_of(entry_of(row), memory_leaf(row, log)) for row in log.rows]
    return [why for why in said if why]


def told(lengths: Sequence[int]) -> Story:
    """Tell so many events before each head, which covers all but the last of them."""
    story = Story()
    story.booted()
    for length in lengths:
        for _ in range(length):
            story.due(Job.POST)
        sealed(story, max(1, len(story.rows) - 1))
    return story


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_true_heads_pass(lengths: list[int]) -> None:
    assert faults(told(lengths)) == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"root": "0" * 64}, "the root of the first 5 leaves is"),
        ({"size": 6}, "the root of the first 6 leaves is"),
        ({"size": 60}, "a head of 60 events"),
        ({"size": 1}, "a head of 1 events, after one of 3"),
        ({"peaks": ()}, "the peaks are not those"),
    ],
)
def test_a_false_head_is_found(changed: dict[str, object], why: str) -> None:
    story = told([3])
    for _ in range(3):
        story.due(Job.POST)
    sealed(story, 5, **changed)
    [found] = faults(story)
    assert found.startswith(why)
