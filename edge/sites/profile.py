"""A site's profile: one TOML file, checked when it is loaded."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path as FilePath
from typing import Self
from urllib.parse import urlsplit

from pydantic import ValidationError

from edge.sites.parts import (
    Challenge,
    IdKind,
    Ids,
    Limits,
    Listing,
    Original,
    OwnPosts,
    Part,
    Pattern,
    Reply,
    Resource,
    Rules,
    SignIn,
    Sources,
    Thread,
)
from schema.errors import BadInput, BadSettings

PROFILES_DIR = FilePath(__file__).parent


class Profile(Part):
    """Everything about one site. `base_url` is set by `at`, once the address is known."""

    name: str
    software: str
    language: str
    base_url: str = ""
    origins: tuple[str, ...] = ()
    expected_writes: tuple[Pattern, ...] = ()
    reading_leaves_out: tuple[Resource, ...] = ("image", "font", "media")
    ids: Ids
    sign_in: SignIn
    challenge: Challenge
    listing: Listing
    thread: Thread
    own_posts: OwnPosts
    sources: Sources
    reply: Reply
    original: Original | None = None
    limits: Limits
    rules: Rules

    def at(self, base_url: str) -> Self:
        """Return the profile of the site at `base_url`, whose origin is allowed besides its own."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadSettings(f"not a site's address: {base_url!r}", remedy="use http(s)://host")
        base = base_url.rstrip("/")
        origin = f"{parts.scheme}://{parts.netloc}"
        origins = tuple(dict.fromkeys((*self.origins, origin)))
        return self.model_copy(update={"base_url": base, "origins": origins})

    def post_url(self, post_id: str) -> str:
        """Return the address of a post."""
        kind, number = self.split_id(post_id)
        return self.base_url + kind.url.format(id=number)

    def post_id_from_url(self, url: str) -> str | None:
        """Return the id that an address names, None when it is not a post's."""
        if self.base_url and url.startswith(("http:", "https:")) and not self.allows(url):
            return None
        for kind in (self.ids.reply, self.ids.root):
            if found := re.search(kind.pattern, url):
                return kind.prefix + found["id"]
        return None

    def split_id(self, post_id: str) -> tuple[IdKind, str]:
        """Return the kind of a post id and the site's own number."""
        for kind in (self.ids.reply, self.ids.root):
            number = post_id.removeprefix(kind.prefix)
            if number != post_id and re.fullmatch(r"[\w-]+", number, re.ASCII):
                return kind, number
        known = " or ".join(f"{k.prefix}<number>" for k in (self.ids.root, self.ids.reply))
        raise BadInput(f"not a post id of {self.name}: {post_id!r}", remedy=f"ids are {known}")

    def author_number(self, url: str) -> str | None:
        """Return the site's own number of the author that an address names."""
        found = re.search(self.sources.curated.link, urlsplit(url).path)
        return found["id"] if found else None

    def posting_addresses(self) -> tuple[str, ...]:
        """Return patterns of the addresses that a post is written to, whichever post it is."""
        forms = (self.reply, *([self.original] if self.original else []))
        return tuple(
            re.escape(self.base_url + form.request.path).replace(re.escape("{id}"), r"[\w-]+")
            for form in forms
        )

    def allows(self, url: str) -> bool:
        """Return whether an address belongs to one of the site's origins."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" in self.origins


def load_profile(name_or_path: str | FilePath) -> Profile:
    """Load a profile by the name of a built-in one, or from a file."""
    path = _path_of(str(name_or_path))
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{path}: {error}", remedy="mend the file") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise BadSettings(f"{path}: {key}: {first['msg']}", remedy="mend that key") from None


def _path_of(name_or_path: str) -> FilePath:
    if re.fullmatch(r"[a-z][a-z0-9_]*", name_or_path):
        built_in = PROFILES_DIR / f"{name_or_path}.toml"
        if not built_in.exists():
            known = ", ".join(sorted(path.stem for path in PROFILES_DIR.glob("*.toml")))
            raise BadSettings(
                f"no site profile {name_or_path!r}", remedy=f"use one of {known}, or a file's path"
            )
        return built_in
    return FilePath(name_or_path)
