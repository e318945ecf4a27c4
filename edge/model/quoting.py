"""The data slot: text from the site, quoted so that it cannot pass for instructions."""

from __future__ import annotations

import unicodedata
from typing import Final

POST_CHARS_MAX: Final = 4_000  # enough to judge any post, and the bulk of a call's worst case
NAME_CHARS_MAX: Final = 100
CUT: Final = " […]"

# Every sign that a model may read as the bracket of a tag becomes one that opens nothing.
_OPENING: Final = "<\uff1c\ufe64\u3008\u27e8\u2329"
_CLOSING: Final = ">\uff1e\ufe65\u3009\u27e9\u232a"
_SIGNS: Final = str.maketrans(
    {**dict.fromkeys(_OPENING, "\u2039"), **dict.fromkeys(_CLOSING, "\u203a"), "\t": " ", "\r": " "}
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def slot(name: str, untrusted: str, *, chars_max: int = POST_CHARS_MAX) -> str:
    """Quote a text as a `<data>` block that its content cannot close.

    `name` is ours, never the site's. No angle bracket, invisible sign, or text beyond
    `chars_max` survives inside.
    """
    return f'<data name="{name}">\n{neutral(untrusted, chars_max=chars_max)}\n</data>'


def neutral(untrusted: str, *, chars_max: int) -> str:
    """Give the text without brackets or invisible signs, cut to `chars_max` characters."""
    # Twice the limit leaves room for what is dropped, and bounds the work on a huge page.
    signs = untrusted[: 2 * chars_max].translate(_SIGNS)
    text = "".join(sign for sign in signs if _visible(sign)).strip()
    cut = len(text) > chars_max or len(untrusted) > 2 * chars_max
    return text[: chars_max - len(CUT)] + CUT if cut else text


def _visible(sign: str) -> bool:
    return sign == "\n" or unicodedata.category(sign) not in _UNSEEN
