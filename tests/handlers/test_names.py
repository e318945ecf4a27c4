"""Names on a site: letter case tells nobody apart, on neither side."""

from __future__ import annotations

import pytest

from handlers.names import is_named


@pytest.mark.parametrize(
    ("author", "names", "named"),
    [
        ("Ada", ["ada"], True),
        ("ada", ["bob", "ADA"], True),
        ("ada", ["adam"], False),
        ("ada", [], False),
        (None, ["ada"], False),
    ],
)
def test_whoever_is_meant_is_named(author: str | None, names: list[str], named: bool) -> None:
    assert is_named(author, names) is named
