"""One row becomes one event: a post that binds later rules, or a row that is only kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from edge.legacy.tables import Table
from schema.catalogue import type_of
from schema.contracts import NewEvent
from schema.errors import GhostproofError, MalformedEvent
from schema.events.legacy import LegacyPostImported, LegacyRowImported
from schema.ids import Account, EventId, named
from schema.wire import encode

ID_CHARACTERS_MAX = 200
ROUNDED = re.compile(r"\d+(\.\d+)?[eE][+-]?\d+|\d+\.\d+")
"""A long id as a spreadsheet or a float writes it: digits are lost for good."""

CLOCKS_DIFFER = timedelta(minutes=10)


class BadRow(GhostproofError):
    """A row that cannot be taken. Correct it in the file, or leave it out."""

    exit_code = 64


@dataclass(frozen=True)
class Importing:
    """Where rows go: the account, its epoch (None: it begins now), the time of the import."""

    account: Account
    epoch: datetime | None
    now: datetime


def event_of(table: Table, values: dict[str, str], into: Importing) -> NewEvent:
    """Return the row's event, whose id follows from the row's key.

    Raises:
        BadRow: a value is missing or wrong, or the post is none of an older system's.
    """
    _refuse_broken_text(values)
    kept = {name: values[name] for name in sorted(table.known & values.keys())}
    post = _post(table, kept, into) if _was_posted(table, kept) else None
    event = post or LegacyRowImported(table=table.name, key=_key(table, kept), columns=kept)
    try:
        encode(event)
    except MalformedEvent as error:
        raise BadRow(error.message) from error
    event_id = named("legacy", into.account, type_of(event), table.name, event.key)
    return NewEvent(EventId(event_id), event)


def _refuse_broken_text(values: dict[str, str]) -> None:
    for name, value in values.items():
        if not value.isascii() and any("\ud800" <= one <= "\udfff" for one in value):
            raise BadRow(f"{name} is not UTF-8")
        if "\0" in value:
            raise BadRow(f"{name} holds a NUL character")


def _was_posted(table: Table, values: dict[str, str]) -> bool:
    return table.always_posted or values.get("status", "").lower() in table.posted


def _post(table: Table, values: dict[str, str], into: Importing) -> LegacyPostImported | None:
    """Return what was posted, None where the row names neither the post nor its target."""
    posted_id, target = _id(values, table.posted_id), _id(values, table.target)
    if posted_id is None and target is None:
        if table.always_posted:
            raise BadRow(f"{table.posted_id} is missing")
        return None
    posted_at = _time(table, values)
    if posted_at > into.now + CLOCKS_DIFFER:
        raise BadRow(f"posted at {posted_at:%Y-%m-%d %H:%M}Z, which is in the future")
    if posted_id is not None and into.epoch is not None and posted_at >= into.epoch:
        since = f"{into.epoch:%Y-%m-%d %H:%M:%S}Z"
        raise BadRow(f"posted after the log began ({since}): only a permit explains such a post")
    return LegacyPostImported(
        table=table.name,
        key=_key(table, values),
        posted_id=posted_id,
        posted_at=posted_at,
        target_post_id=target,
        target_author=_author(values, table.author),
        decision_id=_id(values, "decision_id"),
        text=values.get(table.text or "", ""),
    )


def _key(table: Table, values: dict[str, str]) -> str:
    if table.key is None:
        return sha256(msgspec.json.encode(values, order="sorted")).hexdigest()
    key = _id(values, table.key)
    if key is None:
        raise BadRow(f"{table.key} is missing")
    return key


def _id(values: dict[str, str], column: str | None) -> str | None:
    value = values.get(column or "", "").strip()
    if not value:
        return None
    if ROUNDED.fullmatch(value):
        raise BadRow(f"{column} was rounded: {value}; export it as text")
    if len(value) > ID_CHARACTERS_MAX or not value.isprintable() or " " in value:
        raise BadRow(f"{column} is no id: {value[:40]!r}")
    return value


def _author(values: dict[str, str], column: str | None) -> str | None:
    return values.get(column or "", "").strip().removeprefix("@")[:ID_CHARACTERS_MAX] or None


def _time(table: Table, values: dict[str, str]) -> datetime:
    """Return the best time that the row gives; without a zone it is UTC."""
    for column in table.times:
        if text := values.get(column, "").strip():
            return _parsed(column, text)
    raise BadRow(f"no time: one of {', '.join(table.times)} is needed")


def _parsed(column: str, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(f"{column} is no ISO time: {text[:40]!r}") from None
    if at.year < 2000:  # noqa: PLR2004 -- no site is older; PostgreSQL's -infinity ends here too
        raise BadRow(f"{column} is before the year 2000: {text[:40]!r}")
    return at
