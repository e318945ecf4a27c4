"""`blocked`: the authors to whom nobody replies."""

from __future__ import annotations

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from replay.blocked import Blocked, blocked_in
from replay.source import Log

app = typer.Typer()


@app.command()
def blocked(account: AccountOption = None, json: JsonOption = False) -> None:
    """List who is blocked, since when, by whom and why."""
    found = asked(_read(account))
    if json:
        say_json({"blocked": found})
    elif not found:
        say("nobody is blocked")
    else:
        rows = [(one.author, one.account, one.since or "-", one.by, one.why) for one in found]
        say(table(("author", "account", "since", "by", "why"), rows))


async def blocked_among(log: Log, wanted: str | None) -> list[Blocked]:
    """Return the blocked authors of one account or of all."""
    return [one for name in await accounts_of(log, wanted) for one in await blocked_in(log, name)]


async def _read(wanted: str | None) -> list[Blocked]:
    async with reading() as log:
        return await blocked_among(log, wanted)
