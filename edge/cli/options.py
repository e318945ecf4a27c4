"""The options that many commands share, so that they are the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

AccountOption = Annotated[
    str | None, typer.Option("--account", metavar="NAME", help="Which account's log.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One line of JSON, never coloured.")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME|POSITION", help="As it was then; now by default."),
]
WhyOption = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept in the log.")
]
