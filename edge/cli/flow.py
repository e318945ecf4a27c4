"""`flow`: the program drawn from what its parts hear and say."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.options import JsonOption
from edge.cli.output import say, say_json
from handlers import ALL
from replay.flow import SPRING, as_mermaid, as_table, as_tree, parts_of
from schema.catalogue import EVENT_TYPES
from schema.errors import BadInput

app = typer.Typer()


@app.command()
def flow(
    root: Annotated[
        str, typer.Option("--from", metavar="TYPE", help="The event that the tree begins with.")
    ] = SPRING,
    *,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a mermaid flowchart.")] = False,
    json: JsonOption = False,
) -> None:
    """Draw which part hears which event and says which.

    → is a rule, ⇢ acts on the world.
    """
    if root not in EVENT_TYPES:
        raise BadInput(f"no event type {root!r}", remedy="`ghostproof catalogue` lists them")
    parts = parts_of(ALL)
    if json:
        say_json({"parts": as_table(parts)})
    else:
        say(as_mermaid(parts) if mermaid else as_tree(parts, root))
