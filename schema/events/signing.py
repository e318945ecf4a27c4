"""Signing: an operator answers with a name for what a site's rules block says."""

from __future__ import annotations

from datetime import datetime

from schema.events.base import Event


class RulesSigned(Event, frozen=True, kw_only=True):
    """Somebody read a profile's rules block and signed it for this account.

    `rules` is the block as it was signed and `rules_hash` the SHA-256 of it with the site's name
    and address; `signature` is the SHA-256 over that hash, the name and the time. Any later change
    of the block is another hash, so the signature is none of the changed block's.
    """

    site: str
    base_url: str
    rules: dict[str, str]
    rules_hash: str
    by: str
    signed_at: datetime
    signature: str
