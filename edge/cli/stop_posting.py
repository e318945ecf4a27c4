"""`stop-posting`: the logged kill switch goes on."""

from __future__ import annotations

import typer

from edge.cli.acting import say_in_each
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from schema.errors import NothingLogged
from schema.events.operations import PostingStopped, StopSource

BEFORE_THE_FIRST_START = "nothing posts yet; POSTING_DISABLED=true holds a worker from its start on"

app = typer.Typer()


@app.command()
def stop_posting(why: WhyOption, account: AccountOption = None, json: JsonOption = False) -> None:
    """Stop posting: no click attempt from the next commit on.

    In one account or in all.
    """
    try:
        asked(
            say_in_each(
                lambda by: PostingStopped(source=StopSource.LOGGED, why=why, by=by),
                account,
                json=json,
            )
        )
    except NothingLogged as error:
        raise NothingLogged(error.message, remedy=BEFORE_THE_FIRST_START) from None
