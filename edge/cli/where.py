"""`where`: what this installation uses: database, folder, key, addresses, accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from edge.addresses import FORUM, address_of
from edge.cli.opening import asked
from edge.cli.options import JsonOption
from edge.cli.output import say, say_json
from edge.database.embedded import DATABASE, OPERATOR
from edge.database.opening import reading_url
from edge.settings.layers import read_layers
from edge.settings.masking import without_password
from edge.settings.settings import Settings, checked
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.log_reading import log_reader
from schema.errors import StoreError

KEY_FILE = "log.key.pub"  # in the data directory; no build writes one yet, heads are not signed

app = typer.Typer()


@app.command()
def where(json: JsonOption = False) -> None:
    """Say where everything is. Starts nothing: accounts are null while the database is away."""
    layers = read_layers()
    settings = checked(layers)
    found = {
        "database_url": without_password(reading_url(settings.place)),
        "operator_url": _operator_url(settings),
        "data_dir": str(settings.data_dir.absolute()),
        "log_key": _key(settings.data_dir),
        "health_url": _health_url(settings),
        "site_url": _site_url(settings),
        "settings_file": str(layers.file) if layers.file else None,
        "embedded": settings.database.url is None,
        "accounts": asked(_accounts(settings)),
    }
    if json:
        say_json(found)
    else:
        width = max(map(len, found))
        for name, value in found.items():  # whole, for an address is there to be copied
            say(f"{name:{width}}  {_shown(value)}")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none yet"
    return "-" if value is None else str(value)


def _health_url(settings: Settings) -> str | None:
    """Return that of the worker that runs here, else where one would listen."""
    own = settings.health
    would = f"http://127.0.0.1:{own.port}/health" if own.enabled and own.port else None
    return address_of(settings.data_dir) or would


def _operator_url(settings: Settings) -> str | None:
    """Return where the operators' views are read; a server of one's own has logins of its own."""
    if settings.database.url is not None:
        return None
    return EmbeddedPostgres(settings.data_dir).url(DATABASE, OPERATOR)


def _key(data_dir: Path) -> str | None:
    path = data_dir / KEY_FILE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _site_url(settings: Settings) -> str:
    """Return what the settings name, else the forum that runs here, else where it would."""
    own = next((one.base_url for one in settings.accounts.values() if one.base_url), None)
    running = address_of(settings.data_dir, FORUM)
    return own or running or f"http://127.0.0.1:{settings.sandbox.port}"


async def _accounts(settings: Settings) -> list[Any] | None:
    if settings.database.url is None and not EmbeddedPostgres(settings.data_dir).running():
        return None
    try:
        async with log_reader(reading_url(settings.place)) as log:
            return list(await log.accounts())
    except StoreError:
        return None
