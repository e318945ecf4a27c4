"""The API key, which no text of ours may repeat."""

from __future__ import annotations

from typing import Final

from schema.errors import BadSettings

_SHORT: Final = 8  # below this it is a placeholder such as "none", and may occur in any text
_MASK: Final = "[key]"


class Secret:
    """A key that shows itself only when asked to by name."""

    def __init__(self, value: str) -> None:
        """Keep the value. Raises `BadSettings` for one that no HTTP header can carry."""
        if not value.isascii() or not value.isprintable() or " " in value:
            message = "the model's API key holds a space or a sign that no HTTP header can carry"
            raise BadSettings(message, remedy="copy the key again, without quotes or line ends")
        self._value = value

    def __repr__(self) -> str:
        """Show that there is a key, never which."""
        return f"Secret({_MASK})"

    def reveal(self) -> str:
        """Give the value, for the one header that carries it."""
        return self._value

    def within(self, text: str) -> bool:
        """Say whether a text repeats the key."""
        return len(self._value) >= _SHORT and self._value in text

    def masked(self, text: str) -> str:
        """Give the text with the key replaced."""
        return text.replace(self._value, _MASK) if self.within(text) else text
