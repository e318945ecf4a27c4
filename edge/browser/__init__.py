"""A site in a real browser: the only package that imports Playwright, and only when it is used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edge.gate.process import Place
from edge.sites.profile import Profile

if TYPE_CHECKING:
    from edge.browser.site import BrowserSite


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

    path = session_path or state_dir / f"{profile.name}-{handle}.session.json"
    place = gate_place or Place(state_dir / "gate")
    account = Account(profile.at(base_url), handle, password, path, place)
    return await open_browser_site(account)
