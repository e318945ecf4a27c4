"""The law under random histories: PostgreSQL and the rules in Python give the same verdicts."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from eventstore.store import PostgresStore
from schema.contracts import Command
from schema.ids import Account
from schema.law import LEGAL_MOVES
from tests.doubles.memory_store import MemoryStore
from tests.postgres_fixtures import Database
from tests.store.chains import needs_approver
from tests.store.forging import forge, row
from tests.store.histories import OPENING, fact, histories, lives

FORGED_TYPES = ["permit_created", *LEGAL_MOVES]
numbers = itertools.count()
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

forged = st.tuples(
    st.sampled_from(FORGED_TYPES),
    st.none() | st.tuples(st.integers(0, 6), st.sampled_from(FORGED_TYPES)),
)


@few
@given(history=histories | lives)
async def test_postgresql_and_the_model_agree(
    store: PostgresStore, history: list[dict[str, Any]]
) -> None:
    account = Account(f"history {next(numbers)}")
    model = MemoryStore()
    for one in (store, model):
        await one.open_account(account)
    for number, new in enumerate([OPENING, *(fact(t, n) for n, t in enumerate(history))]):
        command, approver = Command((new,)), needs_approver(new)
        (real,) = await store.append(account, [command], actor="test", approver=approver)
        (said,) = await model.append(account, [command], actor="test", approver=approver)
        assert (real.code, real.position) == (said.code, said.position), (number, new)
    real_page, said_page = await store.read(account), await model.read(account)
    assert [(r.type, r.event, r.spends, r.trace) for r in real_page.events] == [
        (r.type, r.event, r.spends, r.trace) for r in said_page.events
    ]


def stands(history: list[tuple[str, tuple[int, str] | None]]) -> list[bool]:
    """Say which forged rows the law lets stand, by the table of legal moves alone."""
    there: dict[int, str] = {}
    spent: set[int] = set()
    verdicts = []
    for kind, spends in history:
        position = len(there)
        if kind == "permit_created":
            legal = spends is None and "permit_created" not in there.values()
        else:
            legal = (
                spends is not None
                and spends[1] in LEGAL_MOVES[kind]
                and there.get(spends[0]) == spends[1]
                and spends[0] not in spent
            )
        verdicts.append(legal)
        if legal:
            there[position] = kind
            if spends is not None:
                spent.add(spends[0])
    return verdicts


def tried(
    connection: psycopg.Connection[Any], history: list[tuple[str, tuple[int, str] | None]]
) -> list[bool]:
    """Insert the rows by hand as the owner, each if it may stand; leaves nothing behind."""
    verdicts: list[bool] = []
    with connection.transaction(force_rollback=True):
        connection.execute("set local role gp_owner")
        for kind, spends in history:
            try:
                with connection.transaction():
                    forge(connection, row(sum(verdicts), kind, spends))
            except psycopg.errors.IntegrityError:
                verdicts.append(False)
            else:
                verdicts.append(True)
    return verdicts


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(forged, max_size=12))
def test_the_constraints_alone_are_the_law(
    shared_database: Database, history: list[tuple[str, tuple[int, str] | None]]
) -> None:
    with psycopg.connect(shared_database.admin_url) as connection:
        assert tried(connection, history) == stands(history)


def differs(database: Database) -> list[tuple[str, tuple[int, str] | None]]:
    """Look for a short history on which the constraints and the law differ."""
    # guided to what the index is for: a life, and then any two events of it again
    life = [("permit_created", None), ("permit_approved", (0, "permit_created"))]
    ends = st.lists(forged, min_size=1, max_size=2)
    with psycopg.connect(database.admin_url) as connection:
        return find(
            ends.map(lambda end: life + end),
            lambda history: tried(connection, history) != stands(history),
            settings=settings(max_examples=3000, derandomize=True, database=None),
        )


def test_the_property_notices_a_missing_index(database: Database) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("drop index gp.spent_once")
    assert differs(database)
