"""`db`: plan, apply and check migrations; start and stop the embedded server."""

from __future__ import annotations

from pathlib import Path

import typer

from edge.cli.opening import asked
from edge.cli.options import JsonOption
from edge.cli.output import say, say_json, table
from edge.database.opening import open_urls, place_of
from edge.database.urls import Place, logins_of
from edge.settings.build import git_sha
from edge.settings.layers import read_layers
from eventstore import migrating
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import install
from eventstore.migrations import Migration
from eventstore.roles import sql_for_administrator
from schema.errors import BadSettings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def db() -> None:
    """Set up and check the database."""


@app.command()
def plan(json: JsonOption = False) -> int:
    """Print the migrations that are missing. Exits 1 when there are some.

    Where the login may not create the roles, the SQL for an administrator is printed as well.
    """
    missing, sql = asked(_plan(place_of(read_layers())))
    names = [one.name for one in missing]
    if json:
        say_json({"missing": names, "administrator_sql": sql})
    else:
        say(table(("missing",), [(name,) for name in names]) if names else "nothing is missing")
        if sql is not None:
            say(f"\nthis login may not create roles; an administrator runs once:\n\n{sql}")
    return 1 if names else 0


@app.command()
def migrate(json: JsonOption = False) -> None:
    """Apply what is missing; repeating it is safe."""
    applied = asked(_migrate(place_of(read_layers())))
    names = [one.name for one in applied]
    if json:
        say_json({"applied": names})
    else:
        say(table(("applied",), [(name,) for name in names]) if names else "up to date")


@app.command()
def check(json: JsonOption = False) -> None:
    """Say whether the database has exactly this build's migrations. Exits 3 when not."""
    asked(_check(place_of(read_layers())))
    if json:
        say_json({"ok": True})
    else:
        say("the database has exactly this build's migrations")


@app.command()
def start() -> None:
    """Start the embedded server and let it run on without users."""
    say(f"running: {_embedded().keep()}")


@app.command()
def stop() -> None:
    """Stop the embedded server now, whoever uses it."""
    _embedded().stop()
    say("stopped")


async def _plan(place: Place) -> tuple[list[Migration], str | None]:
    async with open_urls(place) as urls:
        url = urls.admin or urls.reader
        sql = None if place.single_role else await sql_for_administrator(url)
        return await migrating.plan(url), sql


async def _migrate(place: Place) -> list[Migration]:
    async with open_urls(place) as urls:
        if urls.admin is None:
            raise BadSettings(
                "database.admin_url is not set",
                remedy="set DATABASE_ADMIN_URL to a login that may create roles",
            )
        if place.url is None or place.single_role:
            return await migrating.migrate(
                urls.admin, git_sha=git_sha(), single_role=place.single_role
            )
        return await install(urls.admin, logins_of(urls), git_sha=git_sha())


async def _check(place: Place) -> None:
    async with open_urls(place) as urls:
        await migrating.check(urls.admin or urls.reader)


def _embedded() -> EmbeddedPostgres:
    place = place_of(read_layers())
    if place.url is not None:
        raise BadSettings(
            "the settings name a database, so none is embedded",
            remedy="start and stop that server by its own means, or remove database.url",
        )
    return EmbeddedPostgres(Path(place.data_dir))
