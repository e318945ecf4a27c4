"""Failpoints: named places where a process can be told, by its environment, to die or to freeze.

`GHOSTPROOF_CRASH_AT=name[:nth]` sends SIGKILL to the process at the nth time it comes by (the first
without a number), `GHOSTPROOF_STOP_AT` sends SIGSTOP. Without these variables `at` does nothing.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

CRASH = "GHOSTPROOF_CRASH_AT"
STOP = "GHOSTPROOF_STOP_AT"

POINTS: dict[str, str] = {
    # the worker
    "booting": "nothing of this worker is in the log",
    "booted": "its start is on record, no loop runs yet",
    "spool_appended": "a kept outcome is in the log, its file is still there",
    "drained": "every loop has ended, the goodbye is not on record",
    "ticked": "due events are in the log, the report is not",
    "handler_ran": "a handler's batch is committed",
    "view_folded": "a read model's batch is committed",
    # any order
    "order_taken": "an order is leased and nothing was done",
    "order_carried_out": "the order was carried out, its end is not in the log",
    "order_closed": "the end of the order is in the log",
    # fetching, judging, drafting, reading the profile
    "source_begun": "a fetch is about to read a source",
    "candidates_appended": "some candidates of a source are in the log",
    "source_ended": "a source's end is in the log, the fetch's is not",
    "judge_asked": "the judge is about to be asked",
    "judge_answered": "the judge was paid for and its answer is in memory alone",
    "draft_asked": "the author is about to be asked",
    "draft_answered": "the author was paid for and its text is in memory alone",
    "profile_ordered": "our profile is about to be read",
    "profile_seen": "the reading is in memory alone",
    # the click
    "click_begun": "the order of a click was looked up and no attempt exists",
    "baseline_noted": "the profile was looked at, the form is not open",
    "composer_open": "the form is open and empty",
    "composer_filled": "the form holds the text, nothing was attempted",
    "before_arm": "the attempt is about to be committed",
    "after_arm": "the attempt is committed and acknowledged, nothing else was done",
    "checked": "the last checks have passed, the locks are closed",
    "inner_lock_open": "the browser's interlock is armed, the gate is not",
    "outer_lock_open": "the gate is armed and the button is not pressed",
    "pressed": "the button is pressed; the request may have left",
    "answered": "the page has seen a first sign of what came of it",
    "disarmed": "the gate's word is in memory, the token is destroyed",
    "observed": "the click's outcome was seen and not judged",
    "judged": "the outcome is judged and not in the log",
    "recorded": "the outcome is in the log, the order is not closed",
    # the click of a worker that died
    "settling": "an attempt of a dead worker was found, the gate was not asked",
    "settled": "the gate has answered, the outcome is not in the log",
    # the gate's own process
    "gate_leaving": "the journal says that the request leaves; the last look is not taken",
    "gate_last_look": "the last look is taken and the bytes are about to go",
    "gate_left": "the bytes are gone and the journal does not say so",
    "gate_answered": "the site has answered and the journal does not say so",
}
"""Name -> what has happened and what has not when a process ends there."""


@dataclass
class _Armed:
    """A point that is waited for, and how many more times it is passed."""

    name: str
    left: int
    number: signal.Signals


def _armed(variable: str, number: signal.Signals) -> _Armed | None:
    name, _, nth = os.environ.get(variable, "").partition(":")
    return _Armed(name, int(nth or 1), number) if name else None


_waiting = [
    armed
    for armed in (_armed(CRASH, signal.SIGKILL), _armed(STOP, signal.SIGSTOP))
    if armed is not None
]


def at(name: str) -> None:
    """Come by the point `name`: die or freeze here if the environment says so."""
    for armed in _waiting:
        if armed.name == name:
            armed.left -= 1
            if armed.left == 0:
                os.kill(os.getpid(), armed.number)
