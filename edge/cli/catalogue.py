"""`catalogue`: every event that can be in the log."""

from __future__ import annotations

import inspect
from typing import Annotated

import typer

from edge.cli.options import JsonOption
from edge.cli.output import say, say_json, table
from replay.catalogue import as_markdown, json_schema
from schema.catalogue import EVENT_TYPES, VERSIONS

app = typer.Typer()


@app.command()
def catalogue(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a page of docs.")] = False,
    json: JsonOption = False,
) -> None:
    """List the event types. --json prints their JSON Schema."""
    if json:
        say_json(json_schema())
    elif markdown:
        say(as_markdown().rstrip())
    else:
        rows = [
            (name, VERSIONS[name], (inspect.getdoc(event) or "").splitlines()[0])
            for name, event in EVENT_TYPES.items()
        ]
        say(table(("event", "version", "what happened"), rows))
