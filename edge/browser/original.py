"""The form for originals: a title and a body, parted from the one text that the permit binds."""

from __future__ import annotations

from edge.browser.composer import PageComposer
from edge.browser.pages import require, site_errors
from edge.browser.verdict import ORIGINAL
from edge.sites.parts import Original
from schema.errors import NoForm, SiteChanged, SiteError
from schema.originals import parted, whole


class OriginalComposer(PageComposer):
    """One open form for a post of our own; it answers nothing."""

    name = ORIGINAL

    async def fill(self, text: str) -> None:
        """Put title and body into their fields and try that the button can be pressed."""
        parts = parted(text)
        if parts is None:
            raise SiteError("the original's text is no title and body")
        title, body = parts
        async with site_errors("filling the original form"):
            await self._page.fill(self._rule().title, title)
        await super().fill(body)

    async def read_back(self) -> str:
        """Return title and body as the form holds them now, joined as they are bound."""
        async with site_errors("reading the original form"):
            title = await self._page.input_value(self._rule().title)
        return whole(title, await super().read_back())

    async def target_post_id(self) -> None:
        """Return that the form answers nothing, once its fixed fields hold what they must."""
        for name, wanted in self._rule().request.fixed.items():
            selector = f"[name={name!r}]"
            async with site_errors("reading the original form"):
                await require(self._page, f"original.request.fixed.{name}", selector)
                held = await self._page.input_value(selector)
            if held != wanted:
                message = f"original.request.fixed.{name} holds {held[:100]!r}, needs {wanted!r}"
                raise SiteChanged(message, remedy="ghostproof site check")

    def _rule(self) -> Original:
        if self._profile.original is None:
            raise NoForm(f"the profile {self._profile.name} has no form for originals")
        return self._profile.original
