"""Nobody goes around the append function: not by grant, and not as owner or superuser either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from handlers import ALL
from schema.ids import named
from tests.postgres_fixtures import Database
from tests.store.forging import forge, row

HISTORY_SO_FAR = [
    row(0, "permit_created"),
    row(1, "permit_approved", (0, "permit_created")),
    row(2, "draft_accepted"),
]
GROUPS = ["gp_app", "gp_approver", "gp_reader", "gp_operator"]
OTHER = named("test", "other")

CHANGES = [
    "insert into gp.log (account, position) values ('me', 0)",
    "update gp.log set type = 'x'",
    "delete from gp.log",
    "truncate gp.log",
    "insert into gp.head (account) values ('x')",
    "update gp.head set stops = '{}'",
    "delete from gp.head",
    "delete from gp.route",
    "delete from gp.migration",
    "alter table gp.log disable trigger append_only",
    "select gp.append_commands('me', null, null)",
    "select gp.write(null, null, null, null)",
    "set role gp_owner",
]
HISTORY = ["update gp.log set type = 'x'", "delete from gp.log", "truncate gp.log cascade"]

WRONG_CLICKS = {
    "citing none": (row(3, "click_attempt"), "law"),
    "citing a creation": (row(3, "click_attempt", (0, "permit_created")), "law"),
    "lying about the type": (row(3, "click_attempt", (2, "permit_approved")), "antecedent"),
    "citing the future": (row(3, "click_attempt", (4, "permit_approved")), "spends_earlier"),
    "citing itself": (row(3, "click_attempt", (3, "permit_approved")), "spends_earlier"),
    "citing what is not there": (row(9, "click_attempt", (7, "permit_approved")), "antecedent"),
    "of another chain": (
        row(3, "click_attempt", (1, "permit_approved"), trace=OTHER),
        "antecedent",
    ),
    "of another permit": (
        row(3, "click_attempt", (1, "permit_approved"), permit=OTHER),
        "antecedent",
    ),
    "without a permit": (
        row(3, "click_attempt", (1, "permit_approved"), permit=None),
        "permit_named",
    ),
    "without a text": (
        row(3, "click_attempt", (1, "permit_approved"), text_hash=None),
        "text_named",
    ),
    "long ago": (
        row(3, "click_attempt", (1, "permit_approved"), recorded_at="1999-12-31 00:00:00+00"),
        "time_plausible",
    ),
    "a second creation": (row(3, "permit_created"), "created_once"),
    "a second approval": (row(3, "permit_approved", (0, "permit_created")), "spent_once"),
}


@pytest.fixture
def superuser(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Connect as the administrator, to an account with an approved permit."""
    with psycopg.connect(shared_database.admin_url) as connection:
        found = connection.execute("select rolsuper from pg_roles where rolname = current_user")
        if found.fetchone() != (True,):
            pytest.skip("DATABASE_URL is no superuser's")
        for columns in HISTORY_SO_FAR:
            forge(connection, columns)
        yield connection


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("group", GROUPS)
def test_no_login_may(shared_database: Database, group: str, change: str) -> None:
    with (
        psycopg.connect(shared_database.url(group)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege) as caught,
    ):
        connection.execute(change.encode())
    assert caught.value.sqlstate == "42501"


def test_the_application_may_not_use_the_approvers_function(shared_database: Database) -> None:
    query = "select gp.append_as_approver('me', null, null)"
    for group in ("gp_app", "gp_reader"):
        with (
            psycopg.connect(shared_database.url(group)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(query)


def test_the_approver_may_not_use_the_applications_function(shared_database: Database) -> None:
    with (
        psycopg.connect(shared_database.approver_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("select gp.append('me', null, null)")


MEMORIES = [
    ("gp.handler_state", "handler", "insert into gp.handler_state values ({}, 'me', 'f', 'k', '')"),
    ("gp.checkpoint", "consumer", "insert into gp.checkpoint values ({}, 'me', 7)"),
]


@pytest.mark.parametrize(("table", "whose", "make"), MEMORIES)
def test_the_application_may_not_change_what_the_approver_remembers(
    database: Database, table: str, whose: str, make: str
) -> None:
    """A reply that the approver forgets could be approved again; other memories are its own."""
    (approver,) = [handler.name for handler in ALL if handler.approver]
    with psycopg.connect(database.approver_url, autocommit=True) as connection:
        connection.execute(make.format(f"'{approver}'").encode())
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        connection.execute(make.format("'posting'").encode())
        for change in (
            make.format(f"'{approver}'").replace("'me'", "'you'"),
            f"update {table} set {whose} = 'forgotten' where {whose} = '{approver}'",
            f"update {table} set {whose} = '{approver}' where {whose} = 'posting'",
            f"update {table} set account = 'you' where {whose} = '{approver}'",
            f"delete from {table} where {whose} = '{approver}'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change.encode())
        connection.execute(f"delete from {table} where {whose} = 'posting'".encode())
    with psycopg.connect(database.approver_url, autocommit=True) as connection:
        assert connection.execute(f"delete from {table}".encode()).rowcount == 1


@pytest.mark.parametrize("change", HISTORY)
@pytest.mark.parametrize("replica", [False, True], ids=["origin", "replica"])
def test_history_is_refused_to_a_superuser(
    superuser: psycopg.Connection[Any], change: str, *, replica: bool
) -> None:
    if replica:
        superuser.execute("set session_replication_role = replica")
    with pytest.raises(psycopg.Error) as caught:
        superuser.execute(change.encode())
    assert caught.value.sqlstate == "GP001"


@pytest.mark.parametrize("change", HISTORY)
def test_history_is_refused_to_the_owner(superuser: psycopg.Connection[Any], change: str) -> None:
    superuser.execute("set role gp_owner")
    with pytest.raises(psycopg.Error) as caught:
        superuser.execute(change.encode())
    assert caught.value.sqlstate == "GP001"


@pytest.mark.parametrize("wrong", WRONG_CLICKS)
@pytest.mark.parametrize("how", ["as owner", "as superuser", "in replica mode"])
def test_a_forged_event_is_refused(
    superuser: psycopg.Connection[Any], wrong: str, how: str
) -> None:
    if how == "as owner":
        superuser.execute("set role gp_owner")
    if how == "in replica mode":
        superuser.execute("set session_replication_role = replica")
    columns, constraint = WRONG_CLICKS[wrong]
    with pytest.raises(psycopg.errors.IntegrityError) as caught:
        forge(superuser, columns)
    assert caught.value.diag.constraint_name == constraint


def test_a_forged_click_that_spends_again_is_refused(superuser: psycopg.Connection[Any]) -> None:
    forge(superuser, row(3, "click_attempt", (1, "permit_approved")))
    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        forge(superuser, row(4, "click_attempt", (1, "permit_approved")))
    assert caught.value.diag.constraint_name == "spent_once"


def test_a_forged_leaf_is_refused(superuser: psycopg.Connection[Any]) -> None:
    superuser.execute("alter table gp.log disable trigger append_only")
    for change in ("leaf = sha256('x')", "actor = 'somebody'", "body = 'x'", "permit = null"):
        with pytest.raises(psycopg.errors.CheckViolation), superuser.transaction():
            superuser.execute(f"update gp.log set {change} where position = 1".encode())


def test_nothing_in_our_schema_is_public(shared_database: Database) -> None:
    query = """
        select p.proname from pg_proc p, lateral aclexplode(p.proacl) a
        where p.pronamespace = 'gp'::regnamespace and a.grantee = 0
        union all
        select p.proname from pg_proc p
        where p.pronamespace = 'gp'::regnamespace and p.proacl is null
    """
    with psycopg.connect(shared_database.admin_url) as connection:
        assert connection.execute(query).fetchall() == []


def test_every_definers_function_pins_its_search_path(shared_database: Database) -> None:
    query = """
        select proname from pg_proc where pronamespace = 'gp'::regnamespace and prosecdef
          and not coalesce('search_path=pg_catalog, gp, pg_temp' = any(proconfig), false)
    """
    with psycopg.connect(shared_database.admin_url) as connection:
        assert connection.execute(query).fetchall() == []
