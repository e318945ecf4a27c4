"""An embedded PostgreSQL: it starts with its first user and stops with its last."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from eventstore.embedded import server
from eventstore.embedded.binaries import binaries_for
from eventstore.embedded.errors import EmbeddedNotAllowed
from eventstore.embedded.locks import alone, is_last, open_lock, share
from eventstore.embedded.owner import owner_of
from eventstore.embedded.places import Places, places_for, places_for_new, remember


class EmbeddedPostgres:
    """The server whose data is in `<data_dir>/postgres`, reached over a private Unix socket.

    Every user holds a shared lock for as long as it lives; the kernel gives it back even after
    kill -9, so the count of users is never wrong. Any number of processes may do so at once.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()

    @contextmanager
    def lease(self) -> Iterator[str]:
        """Use the server: start it if need be, give its administrator's URL, stop it if last."""
        self._make_data_dir()
        descriptor = share(self._places().users_lock)
        try:
            yield self.start()
        finally:
            try:
                if is_last(descriptor) and not self.kept():
                    self._stop()
            finally:
                os.close(descriptor)

    def start(self) -> str:
        """Start the server unless it runs, and return the administrator's URL."""
        self._make_data_dir()
        if not server.ready(self._places()):
            with alone(self._places().start_lock):
                self._start_alone()
        return self.url()

    def stop(self) -> None:
        """Stop the server now, whoever uses it, and no longer keep it."""
        self._places().keep.unlink(missing_ok=True)
        self._stop()

    def keep(self) -> str:
        """Start the server and let it run on without users, until `stop`."""
        url = self.start()
        self._places().keep.touch()
        return url

    def kept(self) -> bool:
        """Tell whether the server runs on without users."""
        return self._places().keep.exists()

    def is_made(self) -> bool:
        """Tell whether the data directory holds a server's data."""
        return self.data_dir.is_dir() and self._places().cluster.is_dir()

    def running(self) -> bool:
        """Tell whether the server takes connections."""
        return server.ready(self._places())

    def in_use(self) -> bool:
        """Tell whether anybody holds a lease."""
        if not self.data_dir.is_dir():
            return False
        descriptor = open_lock(self._places().users_lock)
        try:
            return not is_last(descriptor)
        finally:
            os.close(descriptor)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Return a URL over the socket. No password: who may enter its directory is trusted."""
        host = quote(str(self._places().socket_dir), safe="")
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, as a copy of another if named, and return its URL."""
        statement = sql.SQL("create database {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" template {}").format(sql.Identifier(template))
        self._execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, ending the sessions in it."""
        statement = sql.SQL("drop database if exists {} with (force)")
        self._execute(statement.format(sql.Identifier(name)))

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedNotAllowed(
                f"cannot make {self.data_dir}: {error.strerror}",
                remedy="choose another data directory, or set DATABASE_URL",
            ) from error

    def _places(self) -> Places:
        return places_for(self.data_dir)

    def _start_alone(self) -> None:
        places = self._places()
        if server.ready(places):  # another process started it while we waited
            return
        if places.cluster.exists():
            owner = owner_of(places.cluster)
            binaries = binaries_for(owner)
            server.check_version(places, binaries)
        else:
            places, owner = places_for_new(self.data_dir)
            binaries = binaries_for(owner)
            server.create_cluster(places, binaries, owner)
            remember(places)
        server.launch(places, binaries, owner)

    def _stop(self) -> None:
        if self.data_dir.is_dir():
            with alone(self._places().start_lock):
                server.stop(self._places())

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)
