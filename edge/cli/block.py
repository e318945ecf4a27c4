"""`block AUTHOR`: nobody replies to this author any more."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.acting import author_named, say_in_each
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from schema.events.blocking import AuthorBlocked

app = typer.Typer()


@app.command()
def block(
    author: Annotated[
        str, typer.Argument(metavar="AUTHOR", help="Their name on the site, in any case.")
    ],
    why: WhyOption,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Reply no more to an author.

    What waits is rejected, and whatever is found of theirs later. `ghostproof blocked` lists who
    is; `ghostproof unblock AUTHOR` takes it back.
    """
    name = author_named(author)
    asked(say_in_each(lambda by: AuthorBlocked(author=name, why=why, by=by), account, json=json))
