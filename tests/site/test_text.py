"""What was sent and what is seen compare; what cannot be stored is replaced."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.text import normalised, storable
from tests.site.conftest import CHECKOUT


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("a\r\n\r\n b", "a b"), ("  a\tb\u00a0c ", "a b c"), ("cafe\u0301", "caf\u00e9"), ("", "")],
)
def test_layout_and_composition_do_not_count(sent: str, shown: str) -> None:
    assert normalised(sent) == shown


@given(st.text())
@example("a   b")
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(st.characters()))
@example("a\0b")
def test_whatever_a_page_shows_can_be_stored(text: str) -> None:
    kept = storable(text)
    assert kept.encode().decode() == kept
    assert "\0" not in kept


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_what_can_be_stored_is_kept_as_it_is(text: str) -> None:
    assert storable(text) == text


@pytest.mark.parametrize(
    ("name", "broken", "property_"),
    [
        (
            "normalised",
            lambda text: text.replace("  ", " "),
            test_normalising_twice_changes_nothing,
        ),
        (
            "storable",
            lambda text: text.encode(errors="replace").decode(),
            test_whatever_a_page_shows_can_be_stored,
        ),
        ("storable", normalised, test_what_can_be_stored_is_kept_as_it_is),
    ],
    ids=["one pair at a time", "the NUL stays", "layout is lost"],
)
def test_a_broken_text_is_noticed(
    name: str,
    broken: Callable[[str], str],
    property_: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), name, broken)
    with pytest.raises(AssertionError):
        property_()


@pytest.mark.parametrize("module", ["edge.browser", "edge.browser.chromium", "edge.sites.profile"])
def test_naming_a_site_does_not_load_the_browser(module: str) -> None:
    script = f"import sys, {module}; sys.exit('playwright' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=True)
