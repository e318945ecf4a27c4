"""The catalogue: every event type by its name on the wire, its version, and where orders go."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from schema.errors import UnknownEvent
from schema.events import (
    alerting,
    blocking,
    challenging,
    drafting,
    fetching,
    ghosts,
    judging,
    learning,
    legacy,
    money,
    operations,
    ordering,
    permitting,
    planning,
    posting,
    proving,
    queueing,
    scheduling,
    signing,
)
from schema.events.base import Event, tag_of

PARTS = (
    operations,
    ordering,
    legacy,
    signing,
    blocking,
    fetching,
    judging,
    money,
    queueing,
    scheduling,
    planning,
    permitting,
    drafting,
    posting,
    challenging,
    ghosts,
    learning,
    proving,
    alerting,
)

EVENT_TYPES: dict[str, type[Event]] = {
    tag_of(name): value
    for part in PARTS
    for name, value in vars(part).items()
    if isinstance(value, type)
    and issubclass(value, Event)
    and value.__module__ == part.__name__
    and not name.startswith("Of")
}
"""Wire name -> class, in the order of the flow."""

VERSIONS: dict[str, int] = dict.fromkeys(EVENT_TYPES, 1)
"""Wire name -> version written today. An older version is upcast on reading."""

ROUTES: dict[str, str] = {
    "fetch_started": "fetch",
    "judgement_requested": "judge",
    "draft_requested": "draft",
    "click_ordered": "click",
    "profile_read_ordered": "profile",
    "metrics_ordered": "metrics",
    "alert_raised": "alert",
    "alert_cleared": "alert",
}
"""Order type -> the work queue whose performer carries it out."""

ANY_EVENT: Any = reduce(or_, EVENT_TYPES.values())
"""The union of all event types, for one decoder."""


def type_of(event: Event) -> str:
    """Return the event's name on the wire."""
    return tag_of(type(event).__name__)


def class_of(type_name: str) -> type[Event]:
    """Return the class of a wire name.

    Raises:
        UnknownEvent: this build has no such type.
    """
    try:
        return EVENT_TYPES[type_name]
    except KeyError:
        message = f"unknown event type {type_name!r}"
        raise UnknownEvent(message, remedy="install a newer build of ghostproof") from None
