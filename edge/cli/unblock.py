"""`unblock AUTHOR`: an author may be replied to again."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import author_named, say_in_each
from edge.cli.blocked import blocked_among
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption, WhyOption
from schema.errors import BadInput
from schema.events.blocking import AuthorUnblocked

app = typer.Typer()


@app.command()
def unblock(
    author: Annotated[str, typer.Argument(metavar="AUTHOR", help="As `blocked` lists the name.")],
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Take back `block`. An author in the settings' blocked_authors stays blocked."""
    asked(_unblock(author_named(author), why, account, json=json))


async def _unblock(name: str, why: str, account: str | None, *, json: bool) -> None:
    async with reading() as log:
        blocked = {one.author.casefold() for one in await blocked_among(log, account)}
    if name.casefold() not in blocked:
        raise BadInput(f"{name!r} is not blocked", remedy="`ghostproof blocked` lists who is")
    await say_in_each(lambda by: AuthorUnblocked(author=name, why=why, by=by), account, json=json)
