"""Time zones: how far an account's local time is ahead of UTC, by the zone's own rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


def utc_offset_min(zone: str, at: datetime) -> int:
    """Return the minutes to add to `at` (UTC) for the time that clocks in `zone` then show.

    Asked of a moment and not of a local time, the answer is one even where clocks are put back.
    """
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else offset // MINUTE
