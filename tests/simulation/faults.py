"""Faults: what may go wrong, how often in this seed, and how often it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

ODDS: dict[str, tuple[float, float]] = {
    # the database, per call of that sort
    "connection_reset": (0.0005, 0.01),
    "slow_database": (0.002, 0.05),
    "append_aborted": (0.002, 0.08),
    "append_ack_lost": (0.002, 0.08),
    "append_lands_late": (0.002, 0.05),
    "handler_aborted": (0.001, 0.02),
    "handler_ack_lost": (0.001, 0.02),
    "handler_slow": (0.01, 0.2),
    "close_aborted": (0.002, 0.1),
    "close_ack_lost": (0.002, 0.1),
    "wakeup_lost": (0.05, 0.8),
    # the work queues, per message sent or taken
    "message_doubled": (0.005, 0.2),
    "message_early": (0.005, 0.2),
    "message_lost": (0.002, 0.03),
    # the site, per page
    "site_slow": (0.01, 0.3),
    "site_down": (0.005, 0.2),
    "site_logged_out": (0.002, 0.1),
    "site_changed": (0.002, 0.1),
    "site_challenge": (0.001, 0.05),
    "site_code_breaks": (0.001, 0.05),
    "profile_partial": (0.01, 0.3),
    "profile_stale": (0.01, 0.3),
    "composer_truncates": (0.01, 0.2),
    "composer_changes": (0.01, 0.2),
    "composer_wrong_form": (0.005, 0.1),
    "stall_after_arming": (0.01, 0.3),
    "stop_at_arming": (0.01, 0.3),
    "stall_at_press": (0.01, 0.3),
    # the click, per press
    "request_lost": (0.01, 0.3),
    "answer_lost": (0.01, 0.3),
    "error_before_effect": (0.01, 0.3),
    "error_after_effect": (0.01, 0.3),
    "effect_delayed": (0.01, 0.3),
    "interlock_holds": (0.01, 0.2),
    "flood_refusal": (0.01, 0.3),
    "posted_twice": (0.01, 0.3),
    "text_altered": (0.01, 0.2),
    "post_hidden": (0.01, 0.3),
    "post_visible_late": (0.01, 0.3),
    "post_never_shown": (0.01, 0.2),
    "answer_without_id": (0.01, 0.3),
    # one post of ours, per reading of its numbers
    "post_locked": (0.01, 0.2),
    "numbers_hidden": (0.01, 0.3),
    # the webhook, per message
    "webhook_down": (0.02, 0.5),
    "webhook_breaks": (0.02, 0.5),
    "webhook_refuses": (0.01, 0.3),
    # the model, per call
    "model_timeout": (0.01, 0.3),
    "model_garbage": (0.01, 0.3),
    "model_refusal": (0.01, 0.3),
    "model_quota": (0.01, 0.3),
    "model_obeys_stranger": (0.01, 0.3),
    "model_too_long": (0.01, 0.3),
    "model_repeats": (0.01, 0.2),
    # a worker, per step of its work
    "crash_at_step": (0.0001, 0.003),
    "stall_at_step": (0.0001, 0.003),
    # per hour of simulated time
    "crash_any_time": (0.1, 3.0),
    "drain": (0.05, 1.0),
    "deploy": (0.02, 0.3),
    "pause": (0.2, 6.0),
    "database_away": (0.1, 2.0),
    "database_clock_step": (0.05, 1.0),
    "caps_lowered": (0.02, 0.5),
    "kill_switch_logged": (0.05, 1.5),
    "kill_switch_flag": (0.05, 0.5),
    "kill_switch_file": (0.05, 1.0),
    "ghost_by_hand": (0.05, 1.0),
    "post_deleted": (0.05, 1.0),
    "post_edited": (0.05, 1.0),
    # once per seed: probability of being so
    "poison_post": (0.005, 0.05),
    "worker_clock_skew": (1.0, 1.0),
}
"""Kind of fault -> the lowest and highest rate that a seed may draw for it."""

ORDINARY = 0.2
"""In a month of ordinary days a fault strikes at this share of the lowest rate of a bad day."""


class Weather(StrEnum):
    """How bad the days of a scene are."""

    CHAOS = "chaos"
    ORDINARY = "ordinary"


SINGLE = 1 / 3
"""Share of seeds with one kind of fault alone, at its highest rate."""

GROUPS: dict[str, tuple[str, ...]] = {
    "call": ("connection_reset", "slow_database"),
    "append": ("append_aborted", "append_ack_lost", "append_lands_late"),
    "handler": ("handler_aborted", "handler_ack_lost", "handler_slow"),
    "close": ("close_aborted", "close_ack_lost"),
    "send": ("message_doubled", "message_lost"),
    "page": (
        "site_slow",
        "site_down",
        "site_logged_out",
        "site_changed",
        "site_challenge",
        "site_code_breaks",
    ),
    "profile": ("profile_partial", "profile_stale"),
    "post": ("post_locked", "numbers_hidden"),
    "webhook": ("webhook_down", "webhook_breaks", "webhook_refuses"),
    "compose": ("composer_truncates", "composer_changes", "composer_wrong_form"),
    "click": (
        "request_lost",
        "answer_lost",
        "error_before_effect",
        "error_after_effect",
        "effect_delayed",
        "interlock_holds",
        "flood_refusal",
        "posted_twice",
        "text_altered",
        "post_hidden",
        "post_visible_late",
        "post_never_shown",
        "answer_without_id",
    ),
    "model": (
        "model_timeout",
        "model_garbage",
        "model_refusal",
        "model_quota",
        "model_obeys_stranger",
        "model_too_long",
        "model_repeats",
    ),
}
"""Where something is done -> the faults of which one may strike there."""


def draw_rates(dice: Random, weather: Weather) -> dict[str, float]:
    """Draw which faults a seed has, and how often they strike."""
    if weather is Weather.ORDINARY:
        return {kind: ORDINARY * low for kind, (low, _) in ODDS.items()}
    if dice.random() < SINGLE:
        kind = dice.choice(sorted(ODDS))
        return {kind: ODDS[kind][1]}
    chosen = [kind for kind in ODDS if dice.random() < dice.choice((0.2, 0.6))]
    return {kind: _between(dice, *ODDS[kind]) for kind in chosen}


def _between(dice: Random, low: float, high: float) -> float:
    return low * (high / low) ** dice.random()


@dataclass
class Faults:
    """The faults of one seed. Off, nothing strikes."""

    dice: Random
    rates: dict[str, float]
    on: bool = True
    struck: Counter[str] = field(default_factory=Counter)
    tables: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {group: self._table(kinds) for group, kinds in GROUPS.items()}

    def _table(self, kinds: Sequence[str]) -> list[tuple[float, str]]:
        reached, table = 0.0, []
        for kind in kinds:
            if rate := self.rates.get(kind, 0.0):
                reached += rate
                table.append((reached, kind))
        return table

    def at(self, group: str) -> str | None:
        """Say which fault of the group strikes now, if any."""
        table = self.tables[group]
        if not table or not self.on:
            return None
        drawn = self.dice.random() * max(1.0, table[-1][0])
        for reached, kind in table:
            if drawn < reached:
                self.struck[kind] += 1
                return kind
        return None

    def strikes(self, kind: str) -> bool:
        """Say whether this fault strikes now."""
        rate = self.rates.get(kind)
        if not rate or not self.on or self.dice.random() >= rate:
            return False
        self.struck[kind] += 1
        return True
