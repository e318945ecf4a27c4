"""Quiet hours: local times of the day at which nothing is decided and nothing is posted."""

from __future__ import annotations

from datetime import datetime, timedelta

from schema.events.scheduling import QUIET_HOURS
from schema.rules import ScheduleRules


def is_quiet(rules: ScheduleRules, at: datetime, utc_offset_min: int) -> bool:
    """Say whether the account is quiet at this time; hours may run over midnight."""
    start, end = rules.quiet_from, rules.quiet_until
    if not start or not end or start == end:
        return False
    local = (at + timedelta(minutes=utc_offset_min)).strftime("%H:%M")
    if start < end:
        return start <= local < end
    return local >= start or local < end


def quiet_detail(rules: ScheduleRules) -> str:
    """Say which hours are quiet, for a person."""
    return f"{QUIET_HOURS} {rules.quiet_from}-{rules.quiet_until} {rules.time_zone}"
