"""Disguise: signs that look like others, or like nothing, and so hide a word from a rule."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0d\U000e0100-\U000e01ef]"
    "|(?:^|(?<=[^\\W\\d_]))[\ufe0e\ufe0f]"
)
"""What is shown as nothing, though it is a letter, a mark or a symbol.

A selector of emoji or text may follow a symbol or a digit, but says nothing after a letter.
"""

_ALIKE = str.maketrans(
    "авсԁеһніјкӏморԛѕтуѵԝх" + "αβεηικνορτυχγω" + "\u0251\u0261\u0131",
    "abcdehhijklmopqstyvwx" + "abenikvoptuxyw" + "agi",
)
"""Small letters of other alphabets, by the Latin one that they or their capitals look like."""


def has_invisible(text: str) -> bool:
    """Say whether something in the text cannot be seen; line feeds are known to be there."""
    unseen = any(not character.isprintable() and character != "\n" for character in text)
    return unseen or _INVISIBLE.search(text) is not None


def undisguised(text: str) -> str:
    """Return the text with full-width and other variants of a sign as the sign itself."""
    return unicodedata.normalize("NFKC", text).replace("\u3002", ".")


def looks_like(text: str) -> str:
    """Return what a reader takes the text's letters for, in small ones, without loose marks."""
    small = undisguised(text).casefold().translate(_ALIKE)
    return "".join(one for one in small if unicodedata.category(one) != "Mn")
