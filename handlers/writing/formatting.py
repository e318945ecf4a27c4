"""Formatting: signs that many sites carry out, so that they show other words than were sent.

A post is known again by its text. One whose signs were carried out could be recognised neither by
its own click nor by any reading of our profile, and would end as a ghost.
"""

from __future__ import annotations

import re

_SIGNS = (
    r"\*[^*]*\*",  # emphasis; two factors signs in one text as well
    r"__|_[^_]*_(?!\w)",  # emphasis; not the names_of_programs
    r"~~",
    r"`",
    r"\\(?:[^\w\s]|_)",  # an escape shows the sign alone
    r"&#?\w+;",
    r"<[^ >]+[:@][^ >]+>",  # an address
    r":(?:[+-]1|[0-9]{3,}|[\w+-]*[a-z][\w+-]*):",  # the name of a picture; no time of day
    r"\[\^",
    r"\[poll",
    r"^[ \t]*(?:[#>]|(?:[-+*]|[-+*]?[0-9]+\.)[ \t]|\[[^\]\n]+\]:)",  # heading, quote, list, address
    r"^[ \t]*[-=*_|:][-=*_|: \t]*$",  # a line, or what is under a heading or a table's head
)
_FORMATTED = re.compile("|".join(_SIGNS), re.IGNORECASE | re.MULTILINE)


def is_formatted(text: str) -> bool:
    """Say whether a site that knows Markdown may show this text otherwise than it is written."""
    return _FORMATTED.search(text) is not None
