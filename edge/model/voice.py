"""The voice: how an account writes, as its operator set it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """The operator's settings for what is written in an account's name.

    `languages` are codes such as "en", best first; `chars_max` bounds a post's text.
    """

    persona: str
    languages: tuple[str, ...] = ("en",)
    banned_words: tuple[str, ...] = ()
    chars_max: int = 600
