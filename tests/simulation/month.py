"""A month of ordinary days: what an operator may count on, measured from the log alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.checks.facts import MINUTE_S, OUTCOMES, Facts
from tests.simulation.checks.promptness import HOUR_S
from tests.simulation.faults import Weather
from tests.simulation.judging import violations
from tests.simulation.playing import play

QUEUE_TARGET = 10
QUEUE_SHARE = 0.95
FIRST_HOUR_S = HOUR_S
SETTLED_S = 3 * HOUR_S
CLOSED_S = 10 * MINUTE_S
LEAVING = ("candidate_selected", "candidate_expired", "candidate_rejected")


@dataclass(frozen=True)
class Month:
    """What one seed's month came to."""

    seed: int
    days: float
    events: int
    faults: int
    slots: int
    fetches: int
    attempts: int
    confirmed: int
    queue_share: float
    wrong: tuple[str, ...]


def live(seed: int, days: float) -> Month:
    """Live through the month and judge it."""
    scene = play(seed, hours=days * 24, weather=Weather.ORDINARY)
    month = judged(Facts(scene))
    scene.server.forget()
    return month


def judged(facts: Facts) -> Month:
    """Say what a month came to, and everything that was wrong with it."""
    scene, share = facts.scene, queue_share(facts)
    wrong = [*violations(scene), *never_late(facts)]
    if share < QUEUE_SHARE:
        wrong.append(f"the queue held {QUEUE_TARGET} in {share:.1%} of the time only")
    counted = {name: len(rows) for name, rows in facts.by_type.items()}
    return Month(
        seed=scene.seed,
        days=scene.hours / 24,
        events=len(facts.rows),
        faults=sum(scene.faults.struck.values()),
        slots=counted.get("slot_closed", 0),
        fetches=counted.get("fetch_completed", 0),
        attempts=counted.get("click_attempt", 0),
        confirmed=counted.get("posting_success", 0) + counted.get("late_confirmed", 0),
        queue_share=share,
        wrong=tuple(wrong),
    )


def queue_share(facts: Facts) -> float:
    """Return the share of the time after the first hour in which enough waited in the queue."""
    waiting: set[str] = set()
    since = enough_s = 0.0
    for row in facts.rows:
        now = max(facts.time(row), FIRST_HOUR_S)
        if len(waiting) >= QUEUE_TARGET:
            enough_s += now - max(since, FIRST_HOUR_S)
        since = now
        if row.type in {"candidate_queued", "candidate_released"}:
            waiting.add(str(row.event.queue_id))
        elif row.type in LEAVING:
            waiting.discard(str(row.event.queue_id))
    return enough_s / (since - FIRST_HOUR_S)


def never_late(facts: Facts) -> Iterator[str]:
    """Name every slot, fetch and attempt that was left open for too long at any time."""
    closed = {row.event.scheduler_run_id: facts.time(row) for row in facts.of("slot_closed")}
    for row in facts.of("scheduler_started"):
        if closed.get(row.event.scheduler_run_id, facts.end) - facts.time(row) > CLOSED_S:
            yield f"slot {row.position} was open for over {CLOSED_S / MINUTE_S:.0f} min"
    bound_s = facts.scene.rules.fetch.lost_after_s + CLOSED_S
    ended = {row.event.run_id: facts.time(row) for row in facts.of("fetch_completed")}
    for row in facts.of("fetch_started"):
        if ended.get(row.event.run_id, facts.end) - facts.time(row) > bound_s:
            yield f"fetch {row.position} was open for over {bound_s / MINUTE_S:.0f} min"
    for row in facts.of("click_attempt"):
        ends = [facts.time(end) for end in facts.about(row.event.permit_id, *OUTCOMES)]
        if min(ends, default=facts.end) - facts.time(row) > SETTLED_S:
            yield f"attempt {row.position} was unsettled for over {SETTLED_S / HOUR_S:.0f} h"


def told(month: Month) -> str:
    """Tell a month in a few lines."""
    lines = [
        f"seed {month.seed}, {month.days:g} days, {month.events:,} events, {month.faults:,} faults",
        f"  slots closed                  {month.slots:>7,}",
        f"  fetches ended                 {month.fetches:>7,}",
        f"  attempts, all settled         {month.attempts:>7,}, {month.confirmed:,} confirmed",
        f"  queue of {QUEUE_TARGET} or more           {month.queue_share:>7.2%} of the time",
        f"  violations                    {len(month.wrong):>7}",
    ]
    return "\n".join([*lines, *(f"    {why}" for why in month.wrong[:10])])
