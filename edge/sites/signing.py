"""Signing a profile's rules block: what is hashed, what must be said, whether it still holds."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from edge.sites.profile import Profile
from schema.errors import BadSettings
from schema.events.signing import RulesSigned

MUST_SAY = ("automation", "basis", "limits", "source", "read_on")
"""What a live site's block must say before anybody can sign it; a label may not be needed."""


def signed_by(profile: Profile, by: str, signed_at: datetime) -> RulesSigned:
    """Sign the block of a profile at its address.

    Raises:
        BadSettings: the block is not whole, so there is nothing to answer for.
    """
    require_whole(profile)
    hashed = rules_hash(profile)
    return RulesSigned(
        site=profile.name,
        base_url=profile.base_url,
        rules=_words(profile),
        rules_hash=hashed,
        by=by,
        signed_at=signed_at,
        signature=_signature(hashed, by, signed_at),
    )


def why_unsigned(profile: Profile, last: RulesSigned | None) -> str | None:
    """Return why the newest signature does not hold for this profile, None when it does."""
    if last is None:
        return "nobody has signed them"
    if last.signature != _signature(last.rules_hash, last.by, last.signed_at):
        return f"the signature by {last.by} is not over what it names"
    if last.rules_hash == rules_hash(profile):
        return None
    when = f"{last.signed_at:%Y-%m-%d}"
    return f"they changed since {last.by} signed on {when} ({_change(profile, last)})"


def rules_hash(profile: Profile) -> str:
    """Return the SHA-256, in hex, of the block with the site's name and address."""
    words = {"site": profile.name, "base_url": profile.base_url, "rules": _words(profile)}
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def require_whole(profile: Profile) -> None:
    """Refuse a block that leaves open what an operator must know."""
    words = _words(profile)
    missing = [f"rules.{name}" for name in MUST_SAY if not words[name].strip()]
    if missing:
        raise BadSettings(
            f"the profile {profile.name} does not say {', '.join(missing)}",
            remedy="read the site's rules, then fill in the profile's [rules]",
        )
    try:
        date.fromisoformat(words["read_on"])
    except ValueError:
        raise BadSettings(
            f"rules.read_on of {profile.name} is no date: {words['read_on']!r}",
            remedy="write the day on which the rules were read like 2026-01-31",
        ) from None


def _words(profile: Profile) -> dict[str, str]:
    return {
        name: str(value) for name, value in profile.rules.model_dump(exclude={"sandbox"}).items()
    }


def _signature(hashed: str, by: str, signed_at: datetime) -> str:
    return hashlib.sha256(f"{hashed}\n{by}\n{signed_at.isoformat()}".encode()).hexdigest()


def _change(profile: Profile, last: RulesSigned) -> str:
    now = _words(profile) | {"site": profile.name, "base_url": profile.base_url}
    then = dict(last.rules) | {"site": last.site, "base_url": last.base_url}
    changed = sorted(name for name in now | then if now.get(name) != then.get(name))
    return f"changed: {', '.join(changed)}"
