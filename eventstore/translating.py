"""From psycopg's errors to ours: whose fault it is, and what to do next."""

from __future__ import annotations

import psycopg
from psycopg import conninfo
from psycopg_pool import PoolTimeout

from schema.contracts import Verdict
from schema.errors import (
    AppendRefused,
    DatabaseUnreachable,
    LoginRefused,
    NoSuchAccount,
    StoreError,
)

NO_ACCOUNT = "GP404"
NOT_THIS_ROLE = "GP005"
NO_CAUSE = "GP016"

CODES_OF_CONSTRAINTS = {
    "event_id_once": "GP002",
    "cause_in_log": NO_CAUSE,
    "spent_once": "GP013",
    "antecedent": "GP012",
    "law": "GP014",
    "permit_named": "GP010",
    "created_once": "GP015",
    "posted_once": "GP017",
    "ended_once": "GP026",
}
"""Constraint of the log -> the code that the append function gives for the same fault."""

OTHER_CONSTRAINT = "GP018"
"""Any other constraint: the event itself is malformed (a line break in an id, a huge body)."""

NOT_LET_IN = (
    *("authentication failed", "no pg_hba.conf entry", "is not permitted to log in"),
    *('" does not exist', "no password supplied", "permission denied for database"),
)
"""What a server says to a login that it refuses; libpq gives no code for it. A server that speaks
another language is taken for one that is away."""

SHUTTING_DOWN = "57P"  # class of "terminating connection due to administrator command" and kin
FAULTS_OF_WHAT_WAS_SENT = ("22", "23", "GP")  # data, constraints, our own


def refusal_of(error: psycopg.Error) -> Verdict | None:
    """Return the verdict that a raised refusal stands for; None when it is no refusal.

    A role that may not say it, or a cause nobody has, is the caller's mistake and stays an error.
    """
    code = code_of(error)
    if code is None or code in {NO_ACCOUNT, NOT_THIS_ROLE, NO_CAUSE}:
        return None
    return Verdict(code, None, error.diag.message_primary or str(error))


def code_of(error: psycopg.Error) -> str | None:
    """Return our code for what was sent wrong; None where something else is at fault."""
    if not sent_wrong(error):
        return None
    code, constraint = error.sqlstate or "", error.diag.constraint_name or ""
    return code if code.startswith("GP") else CODES_OF_CONSTRAINTS.get(constraint, OTHER_CONSTRAINT)


def sent_wrong(error: psycopg.Error) -> bool:
    """Say whether what was sent is at fault, and not the server or the connection."""
    return (error.sqlstate or "").startswith(FAULTS_OF_WHAT_WAS_SENT)


def translated(error: psycopg.Error, url: str) -> StoreError:
    """Return our error for one of psycopg's; never shows the password."""
    if isinstance(error, PoolTimeout):
        return unreachable(url, "no free connection in time")
    code, ours = error.sqlstate or "", code_of(error)
    reason = error.diag.message_primary or ""
    if ours == NO_ACCOUNT:
        return NoSuchAccount(reason, remedy="`ghostproof where` lists the accounts")
    if ours == NO_CAUSE:
        reason = "the cause is not in the log"
    if ours is not None:
        return AppendRefused(reason, code=ours)
    if isinstance(error, psycopg.OperationalError) and (
        not code or code.startswith(("08", SHUTTING_DOWN, "53"))
    ):
        return _not_connected(error, url)
    if isinstance(error, psycopg.ProgrammingError) and not code:
        return StoreError(
            f"the database address cannot be read: {str(error).strip()}",
            remedy="DATABASE_URL looks like postgresql://user:password@host:5432/database",
        )
    return StoreError(f"the database refused: {' '.join(str(error).split())}")


def _not_connected(error: psycopg.Error, url: str) -> StoreError:
    said = _reason(error)
    if error.sqlstate or not any(refusal in str(error) for refusal in NOT_LET_IN):
        return unreachable(url, said)
    return LoginRefused(
        f"{place(url)} refused the login: {said}",
        remedy="correct user, password and database in DATABASE_URL; `ghostproof db migrate` makes"
        " the logins",
    )


def _reason(error: psycopg.Error) -> str:
    """Return why, without the address, which is named beside it, and without libpq's advice."""
    first = str(error).strip().partition("\n")[0]
    return first.rpartition(" failed: ")[2]


def unreachable(url: str, why: str) -> DatabaseUnreachable:
    """Name the server that did not answer, without the password."""
    return DatabaseUnreachable(
        f"no connection to {place(url)}: {why}",
        remedy="check DATABASE_URL and that the server runs",
    )


def place(url: str) -> str:
    """Return `host:port/database` of a connection URL."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "a URL that cannot be read"
    host, port = parts.get("host") or "localhost", parts.get("port") or 5432
    return f"{host}:{port}/{parts.get('dbname') or parts.get('user') or ''}"
