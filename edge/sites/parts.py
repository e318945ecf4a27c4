"""The parts of a site profile: addresses, selectors, requests, refusals, limits, rules."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


def _id_pattern(text: str) -> str:
    if "(?P<id>" not in _pattern(text):
        raise ValueError("needs a group named id: (?P<id>…)")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
IdPattern = Annotated[str, AfterValidator(_id_pattern)]
Path = Annotated[str, Field(pattern="^/")]
Resource = Literal["image", "font", "media", "stylesheet", "script"]
Selector = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A piece of a profile: nothing unknown is accepted, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IdKind(Part):
    """One kind of post: its ids carry `prefix`, its address is `url` with `{id}`."""

    prefix: str
    url: Path
    pattern: IdPattern


class Ids(Part):
    """Root posts and replies number separately on many sites, so each kind has a prefix."""

    root: IdKind
    reply: IdKind


class Request(Part):
    """A writing request that may be armed: `field` of its body carries the text.

    With a `title_field` the text is parted: title there, body in `field`. A `fixed` field must
    have just this value.
    """

    method: Literal["POST", "PUT", "PATCH"] = "POST"
    path: Path
    field: str
    encoding: Literal["form", "json"] = "form"
    title_field: str = ""
    fixed: dict[str, str] = {}


class SignIn(Part):
    """The log-in form, and how a page shows that somebody is logged in."""

    url: Path
    handle: Selector
    password: Selector
    submit: Selector
    request: Request
    signed_in: Selector
    own_name: Selector
    own_profile: Selector


class Challenge(Part):
    """What a demand for proof of a human looks like."""

    selectors: tuple[Selector, ...] = ()
    statuses: tuple[int, ...] = ()


class Value(Part):
    """Where a value stands in an item: its visible text, or an attribute.

    `without` are elements inside whose text is no part of it, such as a link to edit it.
    """

    selector: Selector
    attribute: str = ""
    without: str = ""


class Time(Value):
    """A time, with the `strptime` formats it may have; one without an offset is UTC."""

    formats: tuple[str, ...]


class Listing(Part):
    """A list of root posts. A page with no row must show `empty`."""

    ready: Selector
    row: Selector
    skip: str = ""
    link: Value
    replies: Value
    replies_include_root: bool = False
    empty: Pattern
    next: Selector


class Thread(Part):
    """A root post's page with its replies; `opening` marks the item that is the root itself."""

    ready: Selector
    title: Value
    item: Selector
    opening: Selector
    id_attribute: str
    author: Value
    author_link: Value
    text: Value
    time: Time
    likes: Value
    next: Selector


class OwnPosts(Part):
    """Our own profile's list of posts, newest first; `root_link` marks a permalink to a root."""

    ready: Selector
    item: Selector
    link: Value
    text: Value
    time: Time
    title: Value | None = None
    empty: Pattern
    next: Selector
    root_link: Pattern


class Authors(Part):
    """The list of an author's root posts, and where authors are found by name."""

    url: Path
    link: IdPattern
    directory: Path


class Query(Part):
    """A list that anybody can open, as the page orders it, most discussed or newest first."""

    url: Path
    order: Literal["page", "replies", "newest"] = "page"


class Sources(Part):
    """The three places where candidates are looked for."""

    curated: Authors
    keyword: Query
    viral: dict[str, Query]


class Target(Value):
    """Where an open reply form names the post that it answers."""

    attribute: str
    pattern: IdPattern


class Accepted(Part):
    """The answer that means yes; the reply's id is in the redirect's address.

    `stale_means` names the refusal when that id is not newer than our newest post before, or
    is somebody else's: the site redirected without writing anything.
    """

    statuses: tuple[int, ...]
    location: IdPattern
    stale_means: str


class Refusal(Part):
    """One definite no: status, and redirect address or text of an error element."""

    name: str
    statuses: tuple[int, ...]
    location: Pattern = ""
    selector: str = ""
    text: Pattern = ""


class Form(Part):
    """A form that posts, its one request, and what the answers mean."""

    open: Path
    composer: Selector
    submit: Selector
    request: Request
    accepted: Accepted
    refusals: tuple[Refusal, ...]


class Reply(Form):
    """The reply form; it names the post that it answers."""

    target: Target


class Original(Form):
    """The form for a post of our own: its title has a field of its own."""

    title: Selector


class Limits(Part):
    """What the site itself enforces: on a live one, settings that ask for more are refused.

    The same text again within `same_text_wait_s` is what the gate of uniqueness keeps from it.
    """

    text_length_max: int
    gap_s_min: int
    same_text_wait_s: int


class Rules(Part):
    """What automation the site permits; a sandbox needs no signature.

    `basis` is on what ground this account replies, `label` how it shows that a program writes,
    `limits` what the site asks of its users' pace, `source` where that was read, on `read_on`.
    """

    sandbox: bool = False
    automation: str = ""
    basis: str = ""
    label: str = ""
    limits: str = ""
    source: str = ""
    read_on: str = ""
