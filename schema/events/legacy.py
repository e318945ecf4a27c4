"""Legacy: what a system before this one did, as its exported tables say; history, not trusted.

Nothing here explains a post made after the account's epoch, and nothing gives a right to click.
"""

from __future__ import annotations

from datetime import datetime

from schema.events.base import Event


class LegacyPostImported(Event, frozen=True, kw_only=True):
    """The old system posted. `posted_id` is None where the row names only what was answered.

    `posted_at` is the best time that the row gives. `key` is the row's own in its table.
    """

    table: str
    key: str
    posted_id: str | None
    posted_at: datetime
    target_post_id: str | None = None
    target_author: str | None = None
    decision_id: str | None = None
    text: str = ""


class LegacyRowImported(Event, frozen=True, kw_only=True):
    """A row that binds no rule: an evaluation, an outcome, a decision that was not posted."""

    table: str
    key: str
    columns: dict[str, str]


class LegacyImportCompleted(Event, frozen=True, kw_only=True):
    """Every row of one file is in the log."""

    table: str
    file_sha256: str
    rows: int
    by: str
