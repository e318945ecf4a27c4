"""A profile is one file: ids, addresses, and errors that name the file and the key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edge.sites.profile import PROFILES_DIR, load_profile
from schema.errors import BadInput, BadSettings

SPIRIT = load_profile("spirit").at("http://127.0.0.1:8000/")


def test_topics_and_comments_of_the_same_number_have_different_ids() -> None:
    assert SPIRIT.post_id_from_url("http://127.0.0.1:8000/topic/7/a-slug/?page=2#c21") == "t7"
    assert SPIRIT.post_id_from_url("/comment/7/find/") == "c7"


@pytest.mark.parametrize("post_id", ["t7", "c7"])
def test_an_id_and_its_address_name_each_other(post_id: str) -> None:
    assert SPIRIT.post_id_from_url(SPIRIT.post_url(post_id)) == post_id


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001/topic/7/", "https://127.0.0.1:8000/topic/7/", "/user/7/", ""]
)
def test_an_address_elsewhere_is_no_post(url: str) -> None:
    assert SPIRIT.post_id_from_url(url) is None


@pytest.mark.parametrize("post_id", ["7", "t", "x7", "t7/../../user/1", "t7?x", "t\u0667"])
def test_a_malformed_id_is_refused(post_id: str) -> None:
    with pytest.raises(BadInput, match="not a post id of spirit"):
        SPIRIT.post_url(post_id)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "file:///etc/passwd", "http://"])
def test_a_site_needs_a_web_address(address: str) -> None:
    with pytest.raises(BadSettings, match="not a site's address"):
        load_profile("spirit").at(address)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "spirit"', "", "name"),
        ('row = ".layout', 'rows = ".layout', "listing.row"),
        ("(?P<id>[0-9]+)/find/", "(?P<nr>[0-9]+)/find/", "ids.reply.pattern"),
        ("Too many submissions", "Too many (", "reply.refusals.0.text"),
        ("text_length_max = 3000", 'text_length_max = "many"', "limits.text_length_max"),
        ("sandbox = true", "sandbox = true\nsecret = 1", "rules.secret"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    text = (PROFILES_DIR / "spirit.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadSettings, match=f"{re.escape(str(path))}: {re.escape(key)}: "):
        load_profile(path)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadSettings) as refused:
        load_profile("nosuch")
    assert "spirit" in refused.value.remedy


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("name = ")
    with pytest.raises(BadSettings, match=re.escape(str(path))):
        load_profile(path)
