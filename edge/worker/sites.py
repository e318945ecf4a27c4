"""Sites: each account's browser is opened on first use, signed in, and kept until the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.ports import Site
from edge.sites.profile import Profile
from schema.ids import Account


@dataclass(frozen=True)
class SignIn:
    """What opening one account's site takes: its profile, at its address, as it was admitted.

    The password is asked for at each opening: the local forum may be installed after the start.
    """

    profile: Profile
    handle: str
    password: Callable[[], str | None]


class OpenSites:
    """The open sites of this process. The browser package is imported on first use."""

    def __init__(
        self, sign_ins: Mapping[Account, SignIn], state_dir: Path, stop_file: Path
    ) -> None:
        self.sign_ins = sign_ins
        self._state_dir = state_dir
        self._stop_file = stop_file
        self._open: dict[Account, Site] = {}
        self._locks: dict[Account, asyncio.Lock] = {}

    async def site(self, account: Account) -> Site:
        """Return the account's site, logged in. Raises `SiteError`s."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            if account not in self._open:
                self._open[account] = await self._opened(account)
            return self._open[account]

    async def _opened(self, account: Account) -> Site:
        from edge.browser import open_site  # noqa: PLC0415 - playwright only where it is needed
        from edge.gate.process import Place  # noqa: PLC0415

        sign_in = self.sign_ins[account]
        return await open_site(
            sign_in.profile,
            sign_in.profile.base_url,
            sign_in.handle,
            state_dir=self._state_dir / account,
            password=sign_in.password(),
            gate_place=Place(self._state_dir / account / "gate", self._stop_file),
        )

    async def close(self) -> None:
        """Close every open site."""
        while self._open:
            _, site = self._open.popitem()
            await site.close()
