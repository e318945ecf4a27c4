"""Reading in a real browser: three sources, one post, our own profile."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.browser import open_site
from edge.sites.profile import PROFILES_DIR, load_profile
from schema.errors import BadInput, SiteChanged, SiteError, SiteUnreachable
from schema.posts import Post, Source
from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


def is_a_candidate(post: Post) -> bool:
    known = post.author and post.title and post.text and post.posted_at
    return bool(known and post.is_root and post.in_reply_to is None and post.post_id[0] == "t")


async def test_every_source_gives_root_posts_newest_first(opened: Open) -> None:
    site = await opened("ghostproof")
    for source, query in (
        (Source.VIRAL, "active"),
        (Source.VIRAL, "trending"),
        (Source.CURATED, "Marta"),
        (Source.KEYWORD, "compost"),
    ):
        posts = await site.source(source, query, limit=6)
        assert posts
        assert len(posts) <= 6
        assert all(is_a_candidate(post) for post in posts)
        times = [post.posted_at for post in posts if post.posted_at]
        assert times == sorted(times, reverse=True)
        if source is Source.CURATED:
            assert {post.author for post in posts} == {"marta"}
        if source is Source.KEYWORD:
            assert any("ompost" in post.title + post.text for post in posts)


async def test_trending_prefers_the_discussed(opened: Open) -> None:
    site = await opened("ghostproof")
    trending = await site.source(Source.VIRAL, "trending", limit=3)
    assert min(post.replies for post in trending) >= 4


async def test_the_latest_are_the_newest_topics(opened: Open) -> None:
    site = await opened("ghostproof")
    latest = await site.source(Source.VIRAL, "latest", limit=5)
    numbers = [int(post.post_id[1:]) for post in latest]
    assert numbers == sorted(numbers, reverse=True)
    assert min(numbers) > 130


async def test_our_name_is_as_the_site_writes_it(opened: Open) -> None:
    assert (await opened("Olav", own=True)).handle == "olav"


async def test_pages_come_in_groups_so_that_a_timeout_keeps_them(opened: Open) -> None:
    site = await opened("ghostproof")
    groups = [group async for group in site.source_pages(Source.VIRAL, "active", limit=23)]
    assert [len(group) for group in groups] == [5, 5, 5, 5, 3]
    ids = [post.post_id for group in groups for post in group]
    assert len(set(ids)) == 23


async def test_a_source_without_posts_gives_none(opened: Open) -> None:
    site = await opened("ghostproof")
    assert await site.source(Source.KEYWORD, "zzyzxq", limit=5) == []


async def test_a_closed_topic_is_no_candidate(opened: Open) -> None:
    site = await opened("ghostproof")
    posts = await site.source(Source.VIRAL, "active", limit=5)
    assert all("Introduce yourself" not in post.title for post in posts)


async def test_unknown_queries_are_refused(opened: Open) -> None:
    site = await opened("ghostproof")
    with pytest.raises(BadInput, match="no viral query"):
        await site.source(Source.VIRAL, "hot", limit=5)


async def test_hostile_text_is_read_as_text(opened: Open) -> None:
    site = await opened("ghostproof")
    posts = await site.source(Source.KEYWORD, "homepage", limit=5)
    hostile = next(post for post in posts if "<script>" in post.title)
    assert "<script>document.title='owned'" in hostile.text
    assert site.denied == []


async def test_one_post_is_read_by_its_id(opened: Open) -> None:
    site = await opened("ghostproof")
    root = await site.post("t20")
    assert root is not None
    assert is_a_candidate(root)
    assert await site.post("t99999") is None
    assert await site.post("c99999") is None


async def test_our_profile_is_read_over_pages_to_the_beginning(opened: Open) -> None:
    site = await opened("marta")
    reading = await site.profile(back_to=None, limit=1000)
    assert reading.complete
    assert len(reading.posts) > 20
    assert len({post.post_id for post in reading.posts}) == len(reading.posts)
    roots = [post for post in reading.posts if post.is_root]
    assert roots
    assert all(post.in_reply_to is None for post in roots)
    assert all((post.in_reply_to or "")[:1] == "t" for post in reading.posts if not post.is_root)
    assert all(post.posted_at and post.posted_at.tzinfo is UTC for post in reading.posts)


async def test_a_reading_stops_at_the_known_post_or_says_that_it_is_incomplete(
    opened: Open,
) -> None:
    site = await opened("marta")
    first = await site.profile(back_to=None, limit=8)
    assert not first.complete
    assert "8 posts" in first.why_incomplete
    again = await site.profile(back_to=first.posts[3].post_id, limit=100)
    assert again.complete
    assert again.posts == first.posts[:4]


async def test_readings_go_on_where_one_stopped(opened: Open) -> None:
    site = await opened("marta")
    whole = await site.profile(back_to=None, limit=1000)
    shown = list((await site.profile(back_to=None, limit=7)).posts)
    complete = False
    while not complete:
        older_than = shown[-1].post_id
        reading = await site.profile(back_to=None, limit=7, older_than=older_than)
        shown += reading.posts
        complete = reading.complete
    assert tuple(shown) == whole.posts


async def test_a_post_to_go_on_from_that_is_gone_gives_an_empty_reading(opened: Open) -> None:
    site = await opened("marta")
    reading = await site.profile(back_to=None, limit=7, older_than="c99999")
    assert (reading.posts, reading.complete) == ((), False)
    assert "c99999" in reading.why_incomplete


async def test_a_selector_that_finds_nothing_is_named(opened: Open, tmp_path: Path) -> None:
    text = (PROFILES_DIR / "spirit.toml").read_text(encoding="utf-8")
    path = tmp_path / "changed.toml"
    path.write_text(text.replace('row = ".layout__topics__topic"', 'row = ".gone"'))
    site = await opened("ghostproof", own=True, profile=load_profile(path))
    with pytest.raises(SiteChanged, match=r"listing.item \(.gone\)"):
        await site.source(Source.VIRAL, "active", limit=5)


async def test_a_site_that_is_down_is_unreachable(forum: Forum, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    forum.visitor("yuki").keep_session(path)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(SiteUnreachable, match="Connect call failed"):
        await open_site(forum.profile, url, "yuki", state_dir=tmp_path, session_path=path)


async def test_an_author_nobody_has_seen_is_an_error(opened: Open) -> None:
    site = await opened("ghostproof")
    with pytest.raises(SiteError, match="nobody called 'nosuch'"):
        await site.source(Source.CURATED, "nosuch", limit=5)


async def test_times_are_the_sites_own_to_the_second(forum: Forum, opened: Open) -> None:
    posted = forum.visitor("heather_b").post("t21", "What time is it?")
    site = await opened("ghostproof")
    seen = await site.post(posted)
    assert seen is not None
    assert seen.posted_at is not None
    assert abs(datetime.now(UTC) - seen.posted_at) < timedelta(seconds=30)
    assert (seen.author, seen.in_reply_to, seen.is_root) == ("heather_b", "t21", False)


async def test_a_crashed_browser_is_started_again(opened: Open) -> None:
    site = await opened("ghostproof", own=True)
    browser = await site._account.engine.browser()
    await browser.close()
    assert await site.post("t20") is not None
