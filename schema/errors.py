"""What can go wrong, one class per failure; each docstring says what the reader should do."""

from __future__ import annotations


class GhostproofError(Exception):
    """Base of every error this program raises on purpose.

    `remedy` is the next thing to do, shown under the message. `exit_code` is what a command
    ends with: 1 no or partial, 2 not operational, 3 could not answer, 64 bad input or usage.
    """

    exit_code = 3

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


# ---- bad input or set-up: exit 64


class BadInput(GhostproofError):
    """A value from outside does not fit. Correct the named value and run again."""

    exit_code = 64


class BadSettings(BadInput):
    """A setting is missing or wrong. The message names its file, its key and what is accepted."""


class MalformedEvent(BadInput):
    """Bytes that are not an event: nothing was stored. Correct the sender."""


class UnknownEvent(GhostproofError):
    """An event of a type or version that this build does not know. Install a newer build."""


class Outdated(GhostproofError):
    """A newer build works on this log and says what this one cannot read. Replace this worker."""


# ---- the database: exit 3


class StoreError(GhostproofError):
    """The event store could not do it."""


class DatabaseUnreachable(StoreError):
    """No connection. Check DATABASE_URL and that the server runs; nothing was lost."""


class LoginRefused(DatabaseUnreachable):
    """The server is there but does not let us in. Correct the login, or make it; waiting won't."""


class DatabaseTooOld(StoreError):
    """PostgreSQL below 15. Upgrade the server or use the embedded one."""


class SchemaBehind(StoreError):
    """Migrations are missing or edited. Run `ghostproof db migrate`, or restore the edited file."""


class UnsafeDatabase(StoreError):
    """The database cannot keep the promise (fsync off, superuser, log shorter than before)."""


class NoDatabase(StoreError):
    """No database is where the settings point, and this command makes none."""


class NothingLogged(StoreError):
    """No account has a log yet. `ghostproof run` or `ghostproof demo` begins one."""


class NoSuchAccount(StoreError):
    """The log has no such account. `ghostproof where` lists the accounts."""

    exit_code = 64


class AppendRefused(StoreError):
    """The append function refused an event; `code` is its SQLSTATE (GP0xx), nothing was stored."""

    def __init__(self, message: str, *, code: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.code = code


# ---- the site


class SiteError(GhostproofError):
    """The site could not be used as its profile says."""


class SiteUnreachable(SiteError):
    """The site did not answer. Check that it runs and that the profile's base url is right."""


class LoggedOut(SiteError):
    """The session is gone. Sign in again with `ghostproof login`."""


class NoSession(LoggedOut):
    """Nobody signed in here yet; the site was not asked. Sign in with `ghostproof login`."""


class SiteChanged(SiteError):
    """A selector of the profile finds nothing. Run `ghostproof site check`, mend the profile."""


class ChallengeShown(SiteError):
    """The site asks for proof of a human. Posting stops; a person must look."""


class PageLocked(SiteError):
    """The site keeps this page from us (403). Nothing is wrong with the session."""


class NoForm(SiteError):
    """The site's profile has no form for originals. Add one, or set no topics."""


class NoBrowser(SiteError):
    """No Chromium. Install Debian's `chromium` package or run `playwright install chromium`."""


class PortInUse(GhostproofError):
    """Another program listens on the port. Choose another port in the settings."""
