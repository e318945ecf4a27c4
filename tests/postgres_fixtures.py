"""A database per test, cloned from one that was migrated once; import the fixtures you need."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import conninfo, sql

from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import install
from eventstore.store import PostgresStore
from schema.ids import Account

PASSWORD = "only-for-tests"
LOGINS = {
    "gp_app": ("ghostproof_test_app", PASSWORD),
    "gp_approver": ("ghostproof_test_approver", PASSWORD),
    "gp_reader": ("ghostproof_test_reader", PASSWORD),
    "gp_operator": ("ghostproof_test_operator", PASSWORD),
}
ME = Account("me")
_numbers = itertools.count()


@dataclass(frozen=True)
class Database:
    """One test's database, by role."""

    admin_url: str

    def url(self, group: str) -> str:
        """Return the URL of the group's login."""
        user, password = LOGINS[group]
        return conninfo.make_conninfo(self.admin_url, user=user, password=password)

    @property
    def app_url(self) -> str:
        """The application's URL."""
        return self.url("gp_app")

    @property
    def approver_url(self) -> str:
        """The approver's URL."""
        return self.url("gp_approver")

    @property
    def reader_url(self) -> str:
        """The reader's URL."""
        return self.url("gp_reader")

    def store(self) -> PostgresStore:
        """Return a store for the application and the approver, not connected yet."""
        return PostgresStore(self.app_url, approver_url=self.approver_url)


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str:
    """Return the administrator's URL: `DATABASE_URL` if set, else the embedded server's."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    server: EmbeddedPostgres = request.getfixturevalue("embedded")
    return server.url()


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """Migrate one database for all tests; returns its name."""
    name = f"ghostproof_template_{os.getpid()}_{next(_numbers)}"
    with created(server_url, name) as url:
        asyncio.run(install(url, LOGINS, git_sha="0" * 40))
        yield name


@pytest.fixture
def database(server_url: str, template: str) -> Iterator[Database]:
    """Clone the migrated database."""
    name = f"ghostproof_test_{os.getpid()}_{next(_numbers)}"
    with created(server_url, name, template) as url:
        yield Database(url)


@pytest.fixture(scope="module")
def shared_database(server_url: str, template: str) -> Iterator[Database]:
    """Clone the migrated database for tests that leave nothing behind."""
    name = f"ghostproof_shared_{os.getpid()}_{next(_numbers)}"
    with created(server_url, name, template) as url:
        yield Database(url)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    """Connect a store to a fresh database with one empty account, `me`."""
    async with database.store() as store:
        await store.open_account(ME)
        yield store


@pytest.fixture
def empty_database(server_url: str) -> Iterator[str]:
    """Create a database without anything; returns the administrator's URL."""
    name = f"ghostproof_empty_{os.getpid()}_{next(_numbers)}"
    with created(server_url, name) as url:
        yield url


@contextmanager
def created(server_url: str, name: str, template: str | None = None) -> Iterator[str]:
    """Create a database and drop it afterwards, whoever is still connected."""
    identifier = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        statement = sql.SQL("create database {}").format(identifier)
        if template is not None:
            statement += sql.SQL(" template {}").format(sql.Identifier(template))
        connection.execute(statement)
    try:
        yield conninfo.make_conninfo(server_url, dbname=name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            drop = sql.SQL("drop database if exists {} with (force)")
            connection.execute(drop.format(identifier))
