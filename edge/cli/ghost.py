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
from schema.errors import BadInput
from schema.events.base import Event
from schema.events.ghosts import GhostAcknowledged, GhostDetected, ManualPostAttested

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
        for account in await accounts_of(store, wanted):
            seen = first(await sightings(store, account, post), GhostDetected)
            if seen is None:
                continue
            posted_id = seen.event.posted_id
            position = await append_one(store, account, answer(posted_id), approver=True)
            return {"account": account, "post_id": posted_id, "position": position}
    raise BadInput(f"no ghost {post!r}", remedy="`ghostproof show ghosts` lists them")
