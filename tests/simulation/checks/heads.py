"""Heads of the tree: whatever struck the workers that sealed the log, each is its leaves' root."""

from __future__ import annotations

from collections.abc import Iterator

from replay.invariants.roots import Roots
from tests.simulation.checks.facts import Facts
from tests.simulation.server import leaf_of


def every_head_is_true(facts: Facts) -> Iterator[str]:
    """Grow the tree again from the leaves; a day without any head was not sealed."""
    log, roots = facts.scene.server.log(facts.scene.account), Roots()
    for entry, body in zip(facts.entries, log.bodies, strict=True):
        why = roots.fault_of(entry, leaf_of(body))
        if why:
            yield f"{entry.position}: {why}"
    if next(facts.of("tree_head"), None) is None:
        yield "the log was never sealed"
