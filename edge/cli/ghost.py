"""`ghost acknowledge`: a person answers for a ghost; it stays in the log."""

from __future__ import annotations

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
from schema.events.ghosts import GhostAcknowledged, GhostDetected

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
    found = asked(_acknowledge(post, reason(why), account))
    if json:
        say_json(found)
    else:
        say(f"{found['account']}: {found['post_id']} acknowledged at position {found['position']}")


async def _acknowledge(post: str, why: str, wanted: str | None) -> dict[str, object]:
    async with acting() as store:
        for account in await accounts_of(store, wanted):
            seen = first(await sightings(store, account, post), GhostDetected)
            if seen is None:
                continue
            posted_id = seen.event.posted_id
            event = GhostAcknowledged(posted_id=posted_id, why=why, by=person())
            position = await append_one(store, account, event, approver=True)
            return {"account": account, "post_id": posted_id, "position": position}
    raise BadInput(f"no ghost {post!r}", remedy="`ghostproof show ghosts` lists them")
