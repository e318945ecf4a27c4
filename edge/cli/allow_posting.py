"""`allow-posting`: the logged kill switch goes off."""

from __future__ import annotations

import typer

from edge.cli.acting import say_in_each
from edge.cli.choosing import accounts_of
from edge.cli.opening import acting, asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from replay.reading import gather
from replay.source import Log
from replay.stops import Stops
from schema.errors import BadInput
from schema.events.operations import PostingAllowed, PostingStopped, StopSource
from schema.ids import Account

TYPES = ("posting_stopped", "posting_allowed")

app = typer.Typer()


@app.command()
def allow_posting(why: WhyOption, account: AccountOption = None, json: JsonOption = False) -> None:
    """Take back `stop-posting`. A flag or a file that stops posting ends when it is removed.

    In one account, or in all if they were stopped for one reason.
    """
    if account is None:
        asked(_refuse_several_reasons())
    asked(
        say_in_each(
            lambda by: PostingAllowed(source=StopSource.LOGGED, why=why, by=by),
            account,
            json=json,
            approver=True,
        )
    )


async def _refuse_several_reasons() -> None:
    """Raise where one word would take back stops of which a person may have seen only one."""
    async with acting() as log:
        stops = {name: await _logged(log, name) for name in await accounts_of(log, None)}
    standing = {name: stop for name, stop in stops.items() if stop is not None}
    if len({(stop.why, stop.by) for stop in standing.values()}) > 1:
        listed = "; ".join(f"{name}: {stop.why}" for name, stop in standing.items())
        raise BadInput(
            f"accounts were stopped for different reasons ({listed})",
            remedy=f"say it of each: add --account with one of: {', '.join(standing)}",
        )


async def _logged(log: Log, account: Account) -> PostingStopped | None:
    stops = Stops()
    for recorded in await gather(log, account, types=TYPES):
        stops.see(recorded.event)
    return next((one for one in stops.standing if one.source is StopSource.LOGGED), None)
