"""`unblock AUTHOR`: an author may be replied to again."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import author_named, say_in_each
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
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
    name = author_named(author)
    asked(say_in_each(lambda by: AuthorUnblocked(author=name, why=why, by=by), account, json=json))
