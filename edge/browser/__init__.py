"""A site in a real browser: the only package that imports Playwright, and only when it is used."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from edge.gate.process import Place
from edge.sites.profile import Profile

if TYPE_CHECKING:
    from edge.browser.probing import Probed
    from edge.browser.site import BrowserSite


def session_file(state_dir: Path, profile: Profile, handle: str) -> Path:
    """Return where the account's session is kept."""
    return state_dir / f"{profile.name}-{handle}.session.json"


async def open_site(  # noqa: PLR0913  who, where, and the two ways to prove it
    profile: Profile,
    base_url: str,
    handle: str,
    *,
    state_dir: Path,
    password: str | None = None,
    session_path: Path | None = None,
    gate_place: Place | None = None,
) -> BrowserSite:
    """Start a browser and sign in as `handle` on the site at `base_url`.

    The session is kept in `session_path` (default: a file in `state_dir`) and used again. With a
    `password` a lost session is made anew; without one that raises `LoggedOut`. The browser's only
    way out is a gate, which keeps its keys and its journal in `gate_place` (default: a folder in
    `state_dir`).
    """
    from edge.browser.account import Account  # noqa: PLC0415  likewise
    from edge.browser.site import open_browser_site  # noqa: PLC0415  costs 0.2 s, only here

    path = session_path or session_file(state_dir, profile, handle)
    place = gate_place or Place(state_dir / "gate")
    account = Account(profile.at(base_url), handle, password, path, place)
    return await open_browser_site(account)


async def log_in_anew(profile: Profile, handle: str, password: str, path: Path) -> None:
    """Sign in with the password through a gate, keep the session, and see that it is ours.

    `profile` is one at its address.
    """
    from edge.browser.account import Account  # noqa: PLC0415

    with TemporaryDirectory(prefix="gp-login-") as folder:
        account = Account(profile, handle, password, path, Place(Path(folder)))
        try:
            await account.log_in()
            await account.own_profile_url()
        finally:
            await account.close()


async def check_site(  # noqa: PLR0913  who, where, and what to ask the search for
    profile: Profile,
    handle: str,
    *,
    state_dir: Path,
    password: str | None,
    gate_place: Place,
    keyword: str,
) -> list[Probed]:
    """Look at every page that the profile describes, with the session that a worker would use."""
    from edge.browser.account import Account  # noqa: PLC0415
    from edge.browser.checking import SiteCheck  # noqa: PLC0415

    path = session_file(state_dir, profile, handle)
    account = Account(profile, handle, password, path, gate_place)
    try:
        return await SiteCheck(account, keyword).run()
    finally:
        await account.close()
