"""Readiness: the reasons why work does not go on, each with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from edge.health.looking import Look
from edge.health.vitals import Phase, Vitals

BEAT_S_MAX = 30.0
"""A loop that has not come round for so long is blocked: nothing there may take a second."""


@dataclass(frozen=True)
class Reason:
    """One reason why the worker is not ready."""

    reason: str
    remedy: str


def reasons(vitals: Vitals, look: Look, lag_max: int) -> list[Reason]:
    """Return what keeps the worker from being ready; nothing when it is."""
    found = [*_of_worker(vitals)]
    if look.signs is None:
        both_know = look.wrong == vitals.state.why
        return found if both_know else [*found, Reason(look.wrong, look.remedy)]
    for (account, consumer), behind in sorted(look.signs.lag.items()):
        if behind > lag_max:
            told = f"{consumer} is {behind} events behind the log of {account}"
            found.append(
                Reason(told, "`ghostproof show alerts` and the worker's log say what fails")
            )
    return found


def _of_worker(vitals: Vitals) -> list[Reason]:
    found = []
    state = vitals.state
    if state.phase is not Phase.WORKING:
        told = f"the worker is {state.phase}{f': {state.why}' if state.why else ''}"
        found.append(Reason(told, state.remedy or "wait"))
    if (silent_s := vitals.since_beat_s()) > BEAT_S_MAX:
        told = f"the worker's loop has not come round for {silent_s:.0f} s"
        found.append(Reason(told, "end the process; another takes its orders over"))
    if vitals.unsigned:
        told = f"the site's rules are not signed for: {', '.join(vitals.unsigned)}"
        found.append(Reason(told, "read them, then `ghostproof site sign`"))
    return found
