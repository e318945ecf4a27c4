"""What each kind of page must show for the profile's part about it to be right."""

from __future__ import annotations

import re

from edge.browser.probing import Probe
from edge.browser.reading import moment_of
from edge.sites.parts import Original, Time
from edge.sites.profile import Profile

NUMBER = re.compile(r"[0-9]")
POST = "the address of a post"
TIME = "a time in one of its formats"


async def check_sign_in(probe: Probe, profile: Profile) -> None:
    """Check the log-in form, as it is shown to nobody yet signed in."""
    for name in ("handle", "password", "submit"):
        await probe.one(f"sign_in.{name}", getattr(profile.sign_in, name))


async def check_front(probe: Probe, profile: Profile, handle: str) -> None:
    """Check how a page shows who is signed in, and where our own profile is."""
    await probe.some("sign_in.signed_in", profile.sign_in.signed_in)
    await probe.some("sign_in.own_profile", profile.sign_in.own_profile)
    rule = profile.sign_in.own_name
    names = [text.strip() for text in await probe.page.locator(rule).all_inner_texts()]
    ours = [name.casefold() for name in names] == [handle.casefold()]
    shown = ", ".join(names) or "nothing"
    probe.note("sign_in.own_name", rule, ok=ours, saw=f"shows {shown}, the account is {handle}")


async def check_listing(probe: Probe, profile: Profile) -> list[str]:
    """Check a list of root posts; return the addresses of those that can be answered."""
    rule = profile.listing
    await probe.some("listing.ready", rule.ready)
    await _rows_or_empty(probe, "listing.row", rule.row, rule.empty)
    await probe.any_number("listing.next", rule.next)
    if rule.skip:
        await probe.any_number("listing.skip", rule.skip)

    def is_root(url: str) -> bool:
        post_id = profile.post_id_from_url(url)
        return post_id is not None and profile.split_id(post_id)[0] == profile.ids.root

    await probe.values("listing.link", rule.row, rule.link, is_root, POST)
    await probe.values("listing.replies", rule.row, rule.replies, _has_number, "a number")
    open_rows = f"{rule.row}:not(:has({rule.skip}))" if rule.skip else rule.row
    return [url for url in await probe.read(open_rows, rule.link) if is_root(url)]


async def check_thread(probe: Probe, profile: Profile) -> list[str]:
    """Check a root post's page; return the addresses of those who wrote there."""
    rule = profile.thread
    await probe.some("thread.ready", rule.ready)
    await probe.one("thread.title", rule.title.selector)
    await probe.some("thread.item", rule.item)
    await probe.one("thread.opening", f"{rule.item}{rule.opening}")
    await probe.some("thread.id_attribute", f"{rule.item}[{rule.id_attribute}]")
    await probe.any_number("thread.next", rule.next)
    await probe.any_number("thread.likes", rule.likes.selector)
    await probe.values("thread.author", rule.item, rule.author, bool, "a name")
    await probe.some("thread.text", f"{rule.item} {rule.text.selector}")
    await _times(probe, "thread.time", rule.item, rule.time)

    def has_number(url: str) -> bool:
        return profile.author_number(url) is not None

    links = await probe.values(
        "thread.author_link", rule.item, rule.author_link, has_number, "an author's address"
    )
    return [url for url in links if has_number(url)]


async def check_own_posts(probe: Probe, profile: Profile) -> None:
    """Check the list of our own posts, by which a ghost would be found."""
    rule = profile.own_posts
    await probe.some("own_posts.ready", rule.ready)
    await _rows_or_empty(probe, "own_posts.item", rule.item, rule.empty)
    await probe.any_number("own_posts.next", rule.next)
    await probe.values(
        "own_posts.link",
        rule.item,
        rule.link,
        lambda url: profile.post_id_from_url(url) is not None,
        POST,
    )
    ask = probe.some if await probe.count(rule.item) else probe.any_number  # or no post yet
    await ask("own_posts.text", f"{rule.item} {rule.text.selector}")
    if rule.title is not None:
        await ask("own_posts.title", f"{rule.item} {rule.title.selector}")
    await _times(probe, "own_posts.time", rule.item, rule.time)


async def check_reply_form(probe: Probe, profile: Profile) -> None:
    """Check the form by which a reply is made, without typing into it."""
    rule = profile.reply
    await probe.one("reply.composer", rule.composer)
    await probe.one("reply.submit", rule.submit)
    await probe.values(
        "reply.target",
        "html",
        rule.target,
        lambda text: re.search(rule.target.pattern, text) is not None,
        "the post that it answers",
    )


async def check_original_form(probe: Probe, form: Original) -> None:
    """Check the form for originals, without typing into it."""
    for name in ("title", "composer", "submit"):
        await probe.one(f"original.{name}", getattr(form, name))
    for name, wanted in form.request.fixed.items():
        selector = f"[name={name!r}]"
        count = await probe.count(selector)
        held = await probe.page.locator(selector).first.input_value() if count else "nothing"
        saw = f"holds {held}, needs {wanted}"
        probe.note(f"original.request.fixed.{name}", selector, ok=held == wanted, saw=saw)


async def _rows_or_empty(probe: Probe, key: str, selector: str, empty: str) -> None:
    count = await probe.count(selector)
    if count:
        probe.note(key, selector, ok=True, saw=f"{count} found")
        return
    text = await probe.page.locator("body").inner_text()
    ok = re.search(empty, text) is not None
    saw = "none, and the page says so" if ok else f"none, and nothing like {empty!r} is shown"
    probe.note(key, selector, ok=ok, saw=saw)


async def _times(probe: Probe, key: str, items: str, rule: Time) -> None:
    await probe.values(key, items, rule, lambda text: moment_of(text, rule) is not None, TIME)


def _has_number(text: str) -> bool:
    return NUMBER.search(text) is not None
