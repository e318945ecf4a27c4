"""`config show`: the settings in force, and where each came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from edge.cli.options import JsonOption
from edge.cli.output import say, say_json, table
from edge.settings.layers import Layers, read_layers
from edge.settings.masking import without_password
from edge.settings.settings import checked

MASK = "***"
DEFAULT = "default"

app = typer.Typer(no_args_is_help=True)


@app.callback()
def config() -> None:
    """Look at the settings."""


@app.command()
def show(
    *,
    origin: Annotated[bool, typer.Option("--origin", help="Also where each came from.")] = False,
    json: JsonOption = False,
) -> None:
    """Print every setting in force; secrets are masked."""
    layers = read_layers()
    values = dict(_flat(checked(layers).model_dump(mode="json", exclude_none=True)))
    if json and origin:
        say_json({key: {"value": values[key], "origin": _origin(layers, key)} for key in values})
    elif json:
        say_json(values)
    elif origin:
        rows = [(key, value, _origin(layers, key)) for key, value in values.items()]
        say(table(("setting", "value", "origin"), rows))
    else:
        say(table(("setting", "value"), values.items()))


def _origin(layers: Layers, key: str) -> str:
    return layers.origins.get(key, DEFAULT)


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _shown(value)


def _shown(value: Any) -> Any:
    if value == "*" * 10:  # pydantic writes so many for a secret, however long it is
        return MASK
    return without_password(value) if isinstance(value, str) else value
