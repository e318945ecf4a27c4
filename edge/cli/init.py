"""`init`: write a commented ghostproof.toml that works with the sandbox."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.output import say
from edge.settings.layers import DEFAULT_FILE
from schema.errors import BadInput

app = typer.Typer()


@app.command()
def init(
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a commented ghostproof.toml here."""
    path = Path(DEFAULT_FILE)
    text = (files("edge.settings") / "template.toml").read_text(encoding="utf-8")
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        message = f"{path} is there already"
        raise BadInput(message, remedy="ghostproof init --force overwrites it") from None
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise BadInput(message, remedy="run it in a directory that is yours") from None
    say(f"{path} is written")
    say("Next: `ghostproof sandbox serve`, and in another terminal `ghostproof run`")
