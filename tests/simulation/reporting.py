"""Reporting: what a run of many seeds has shown, as text."""

from __future__ import annotations

from tests.simulation.faults import ODDS
from tests.simulation.seen import SOMETIMES
from tests.simulation.swarm import Swarm

ENOUGH_SEEDS = 300
"""With fewer, something rare may well stay unseen."""


def problems(swarm: Swarm) -> list[str]:
    """Name everything that makes a run fail, each with the command that shows it again."""
    found = [
        f"seed {played.seed}: {why}\n    python -m tests.simulation --seed {played.seed} --verbose"
        for played in swarm.failed
        for why in played.violations[:3]
    ]
    found += [f"seed {seed}: played twice, two different logs" for seed in swarm.unequal]
    if swarm.seen.seeds >= ENOUGH_SEEDS:
        found += [
            f"never seen in {swarm.seen.seeds} seeds: {what}" for what in swarm.seen.missing()
        ]
    return found


def report(swarm: Swarm) -> str:
    """Tell seeds, hours, faults, transitions and violations."""
    seen = swarm.seen
    lines = [
        f"{seen.seeds} seeds, {seen.hours:,.0f} simulated hours, {seen.events:,} events,"
        f" {sum(seen.faults.values()):,} faults, {swarm.seconds:.0f} s",
        "faults: " + ", ".join(f"{kind} {seen.faults[kind]}" for kind in ODDS),
        f"died at {len(seen.died_at)} named steps, {sum(seen.died_at.values())} times",
        "seen: " + ", ".join(f"{what} {seen.happened[what]}" for what in sorted(SOMETIMES)),
        f"violations: {sum(len(played.violations) for played in swarm.failed)}"
        f" in {len(swarm.failed)} seeds",
    ]
    return "\n".join([*lines, *problems(swarm)])
