"""Admission: which site may be worked on in which mode, before anything of it is opened."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from edge.settings.rules import rules_for
from edge.settings.settings import Settings
from edge.sites.profile import Profile, load_profile
from edge.sites.signing import require_whole, why_unsigned
from replay.reading import newest
from replay.source import Log
from schema.errors import BadSettings
from schema.events.signing import RulesSigned
from schema.ids import Account


def profile_of(settings: Settings, account: Account) -> Profile:
    """Return the account's profile at its address; without one it is the sandbox's.

    Raises:
        BadSettings: a live site without an address, or something wrong in the profile.
    """
    own = settings.account(account)
    profile = load_profile(own.site)
    base_url = own.base_url or profile.base_url
    if not base_url and not profile.rules.sandbox:
        message = f"account {account}: the site {profile.name} has no address"
        raise BadSettings(message, remedy=f"set accounts.{account}.base_url")
    return profile.at(base_url or f"http://127.0.0.1:{settings.sandbox.port}")


def require_fitting_mode(settings: Settings, account: Account) -> Profile:
    """Return the account's profile; refuse a mode that does not go with its site.

    A sandbox is for `sandbox` and `shadow`, a live site for `shadow` and `live`. What calls itself
    a sandbox must be on this machine or its own network: nobody signs for it.
    """
    profile = profile_of(settings, account)
    is_sandbox = profile.rules.sandbox
    where = f"account {account}, site {profile.name}"
    if is_sandbox and settings.mode == "live":
        raise BadSettings(
            f"{where}: mode = live refuses a sandbox",
            remedy="set mode = \"sandbox\", or the account's site to a live site's profile",
        )
    if is_sandbox and not _is_near(profile.base_url):
        raise BadSettings(
            f"{where}: its profile says sandbox, but {profile.base_url} is not on this network",
            remedy="set sandbox = false in the profile's [rules], fill them in and sign them",
        )
    if not is_sandbox and settings.mode == "sandbox":
        raise BadSettings(
            f"{where}: mode = sandbox works on a sandbox alone",
            remedy='set mode = "shadow" (everything but the click) or "live"',
        )
    return profile


def require_within_limits(settings: Settings, account: Account, profile: Profile) -> None:
    """Refuse settings that ask more of a live site than it takes; a sandbox may be hurried."""
    if profile.rules.sandbox:
        return
    rules, limits = rules_for(settings, account), profile.limits
    where = f"account {account}, site {profile.name}"
    if rules.draft.length_max > limits.text_length_max:
        raise BadSettings(
            f"{where}: a text may have {rules.draft.length_max} characters,"
            f" the site takes {limits.text_length_max}",
            remedy=f"set length_max = {limits.text_length_max} or less in [draft]",
        )
    if rules.permit.gap_s < limits.gap_s_min:
        raise BadSettings(
            f"{where}: {rules.permit.gap_s} s lie between two clicks at the least,"
            f" the site asks for {limits.gap_s_min}",
            remedy=f"set gap_s = {limits.gap_s_min} or more in [permit]",
        )


async def require_signed(log: Log, account: Account, profile: Profile) -> None:
    """Refuse a live site whose rules block nobody signed for this account, as it stands now."""
    if profile.rules.sandbox:
        return
    require_whole(profile)
    why = why_unsigned(profile, await last_signature(log, account))
    if why is not None:
        raise BadSettings(
            f"account {account}: the rules of site {profile.name} are not signed: {why}",
            remedy=f"ghostproof site sign --account {account} --by NAME",
        )


async def last_signature(log: Log, account: Account) -> RulesSigned | None:
    """Return the newest signature in the account's log."""
    size = (await log.heads()).get(account, 0)
    found = await newest(log, account, "rules_signed", size)
    return found[0].event if found else None


def _is_near(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".internal", ".local"))
    return address.is_loopback or address.is_private
