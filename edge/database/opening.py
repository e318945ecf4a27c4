"""Open the database: the one that the settings name, else an embedded one that serves its users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from edge.database.urls import DATA_DIR, Place, Urls
from edge.settings.layers import Layers
from eventstore.log_reading import LogReader, log_reader
from schema.errors import BadSettings, NoDatabase

if TYPE_CHECKING:
    from edge.settings.settings import Settings
    from eventstore.store import PostgresStore


def place_of(layers: Layers) -> Place:
    """Return where the database is by settings that were read but not checked as a whole."""
    return Place(
        data_dir=Path(layers.text("data_dir") or DATA_DIR),
        url=layers.text("database.url"),
        approver_url=layers.text("database.approver_url"),
        reader_url=layers.text("database.reader_url"),
        admin_url=layers.text("database.admin_url"),
        single_role=layers.get("database.single_role") is True,
    )


def refuse_absent(place: Place) -> None:
    """Refuse to make an embedded database for a command that wants to see what is in one.

    In the wrong directory it would see nothing, and nothing wrong.

    Raises:
        NoDatabase: the data directory holds no database.
    """
    if place.url is not None:
        return
    from eventstore.embedded.postgres import EmbeddedPostgres  # noqa: PLC0415 -- as below

    if not EmbeddedPostgres(place.data_dir).is_made():
        raise NoDatabase(
            f"there is no database in {place.data_dir.absolute()}",
            remedy="go to the worker's directory, or set GHOSTPROOF_DATA_DIR or DATABASE_URL;"
            " `ghostproof run` or `ghostproof demo` begins a log",
        )


def reading_url(place: Place) -> str:
    """Return the address for reading, without starting a server that is not up."""
    if (url := place.reader_url or place.url) is not None:
        return url
    from edge.database.embedded import urls_of  # noqa: PLC0415 -- as below
    from eventstore.embedded.postgres import EmbeddedPostgres  # noqa: PLC0415

    return urls_of(EmbeddedPostgres(place.data_dir)).reader


@asynccontextmanager
async def open_urls(place: Place) -> AsyncIterator[Urls]:
    """Return the database's addresses; an embedded one is up and migrated while they are used."""
    if place.url is not None:
        yield Urls(
            app=place.url,
            approver=place.url if place.single_role else place.approver_url,
            reader=place.reader_url or place.url,
            admin=place.admin_url or (place.url if place.single_role else None),
        )
        return
    from edge.database.embedded import embedded_urls  # noqa: PLC0415 -- half of the time of a short command

    async with AsyncExitStack() as stack:
        yield await embedded_urls(place.data_dir, stack)


@asynccontextmanager
async def open_log(place: Place) -> AsyncIterator[LogReader]:
    """Open the log for reading, over a single connection."""
    async with open_urls(place) as urls, log_reader(urls.reader) as log:
        yield log


@asynccontextmanager
async def open_store(settings: Settings | Place) -> AsyncIterator[PostgresStore]:
    """Open the event store for a worker or for a command that appends."""
    from eventstore.store import PostgresStore  # noqa: PLC0415 -- readers do without it

    place = settings if isinstance(settings, Place) else settings.place
    async with open_urls(place) as urls:
        if urls.approver is None:
            raise BadSettings(
                "database.approver_url is not set, and nobody else may approve",
                remedy="set DATABASE_APPROVER_URL, or single_role = true in [database]",
            )
        async with PostgresStore(urls.app, approver_url=urls.approver) as store:
            yield store


async def refuse_unsafe(place: Place) -> None:
    """Refuse a database in which a worker could not keep its promise.

    Raises:
        StoreError: what is wrong (behind, too old, superuser, fsync off …) and what to do.
    """
    from eventstore.safety import check_safety  # noqa: PLC0415 -- only a worker asks

    async with open_urls(place) as urls:
        await check_safety(urls.app, single_role=place.single_role)
