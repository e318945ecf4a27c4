"""A person's act: one event, with a reason and a name, in each log that it concerns."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from uuid import uuid4

from edge.cli.choosing import accounts_of
from edge.cli.opening import acting
from edge.cli.output import say, say_json
from schema.catalogue import type_of
from schema.contracts import Command, NewEvent, Store
from schema.errors import AppendRefused, BadInput
from schema.events.base import Event
from schema.ids import Account, EventId

ACTOR = "command line"
AUTHOR_CHARACTERS_MAX = 200  # longer than any site allows


def person() -> str:
    """Return the name of who gives the command, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unnamed"


def reason(why: str) -> str:
    """Return the reason.

    Raises:
        BadInput: it is empty.
    """
    if not why.strip():
        raise BadInput("a reason is needed", remedy="--why 'what happened'")
    return why.strip()


def author_named(text: str) -> str:
    """Return an author's name as the site's pages give it, without the sign before it.

    Raises:
        BadInput: nothing of a name is left, or it is too long or not printable.
    """
    name = text.strip().removeprefix("@")
    if not name or len(name) > AUTHOR_CHARACTERS_MAX or not name.isprintable():
        raise BadInput(f"no author's name: {text!r}", remedy="give it as the site shows it")
    return name


def command_of(event: Event) -> Command:
    """Make the command that appends one event which nothing in the log caused."""
    return Command((NewEvent(EventId(uuid4()), event),))


async def say_in_each(
    event: Callable[[str], Event],
    wanted: str | None,
    *,
    json: bool,
    approver: bool = False,
) -> None:
    """Append what a person says to one account's log or to all, in account order."""
    said = event(person())
    reason(getattr(said, "why", ""))
    done = {}
    async with acting() as store:
        for account in await accounts_of(store, wanted):
            done[account] = await append_one(store, account, said, approver=approver)
    if json:
        say_json({"type": type_of(said), "positions": done})
    for account, position in () if json else done.items():
        say(f"{account}: {type_of(said)} at position {position}")


async def append_one(store: Store, account: Account, event: Event, *, approver: bool) -> int | None:
    """Append one event and return its position.

    Raises:
        AppendRefused: the store refused it.
    """
    (verdict,) = await store.append(account, [command_of(event)], actor=ACTOR, approver=approver)
    if not verdict.stands:
        raise AppendRefused(f"{account}: {verdict.reason}", code=verdict.code)
    return verdict.position
