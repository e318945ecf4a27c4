"""`ghost acknowledge|attest`: a person answers for a ghost; it stays in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from edge.cli.acting import append_one, person, reason
from edge.cli.choosing import accounts_of
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from edge.cli.output import say, say_json
from replay.chain import first
from replay.finding import sightings
from replay.source import Log
from schema.contracts import Recorded
from schema.errors import BadInput
from schema.events.base import Event
from schema.events.ghosts import GhostAcknowledged, GhostDetected, ManualPostAttested
from schema.ids import Account

app = typer.Typer(no_args_is_help=True)


@app.callback()
def ghost() -> None:
    """Answer for posts that no permit explains."""


@app.command()
def acknowledge(
    post: Annotated[str, typer.Argument(metavar="POST", help="The ghost's id or address.")],
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a person has seen the ghost, and why it is there."""
    said = reason(why)

    def acknowledged(posted_id: str) -> Event:
        return GhostAcknowledged(posted_id=posted_id, why=said, by=person())

    _tell(asked(_answer(post, account, acknowledged)), "acknowledged", json=json)


@app.command()
def attest(
    post: Annotated[str, typer.Argument(metavar="POST", help="The ghost's id or address.")],
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Vouch that the post was made by hand, by whom and why."""
    said = reason(why)

    def attested(posted_id: str) -> Event:
        return ManualPostAttested(posted_id=posted_id, why=said, by=person())

    _tell(asked(_answer(post, account, attested)), "attested", json=json)


def _tell(found: dict[str, object], what: str, *, json: bool) -> None:
    if json:
        say_json(found)
    else:
        say(f"{found['account']}: {found['post_id']} {what} at position {found['position']}")


async def _answer(
    post: str, wanted: str | None, answer: Callable[[str], Event]
) -> dict[str, object]:
    async with acting() as store:
        seen = [await _ghost(store, account, post) for account in await accounts_of(store, wanted)]
        found = [one for one in seen if one is not None]
        if not found:
            raise BadInput(f"no ghost {post!r}", remedy="`ghostproof show ghosts` lists them")
        if len(found) > 1:  # each site counts its posts by itself
            listed = ", ".join(one.account for one in found)
            message = f"several accounts have a ghost {post!r}"
            raise BadInput(message, remedy=f"add --account with one of: {listed}")
        account, posted_id = found[0].account, found[0].event.posted_id
        position = await append_one(store, account, answer(posted_id), approver=True)
    return {"account": account, "post_id": posted_id, "position": position}


async def _ghost(store: Log, account: Account, post: str) -> Recorded[GhostDetected] | None:
    return first(await sightings(store, account, post), GhostDetected)
