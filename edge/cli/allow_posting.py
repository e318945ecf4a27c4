"""`allow-posting`: the logged kill switch goes off."""

from __future__ import annotations

import typer

from edge.cli.acting import say_in_each
from edge.cli.opening import asked
from edge.cli.options import AccountOption, JsonOption, WhyOption
from schema.events.operations import PostingAllowed, StopSource

app = typer.Typer()


@app.command()
def allow_posting(why: WhyOption, account: AccountOption = None, json: JsonOption = False) -> None:
    """Take back `stop-posting`. A flag or a file that stops posting ends when it is removed."""
    asked(
        say_in_each(
            lambda by: PostingAllowed(source=StopSource.LOGGED, why=why, by=by),
            account,
            json=json,
            approver=True,
        )
    )
