"""What the performers ask of the world, as protocols: a site to read, a composer to click, a model.

The real ones live in `edge.browser` and `edge.model`; a seeded double may stand in for each.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from schema.events.challenging import ChallengeKind
from schema.posts import Post, ProfileReading, Source


@dataclass(frozen=True)
class Target:
    """What a reply goes to: the root post's id, address and author, as the candidate was found."""

    post_id: str
    url: str
    author: str


class Observed(StrEnum):
    """What the site's answer to the one writing request proved."""

    ACCEPTED = "accepted"  # a definite yes; `posted_id` is set where the answer names it
    REFUSED = "refused"  # a definite no from the profile's closed list of refusals
    NOT_SENT = "not_sent"  # the writing request never left, as the gate's journal proves
    UNKNOWN = "unknown"  # anything else: lost, late, 5xx, closed page


@dataclass(frozen=True)
class ClickObservation:
    """The outcome of pressing "post" once, as seen at the network and on the page.

    `denied`: the page tried to send something else than what was permitted.
    `challenge` says that the answer asked for a person, whatever became of the post.
    """

    observed: Observed
    detail: str
    http_status: int | None = None
    posted_id: str | None = None
    posted_url: str | None = None
    denied: bool = False
    challenge: ChallengeKind | None = None


class Reader(Protocol):
    """Reads pages; its browser context can never send a writing request."""

    async def source(self, source: Source, query: str, *, limit: int) -> list[Post]:
        """Read a source, newest first: an author's handle, a keyword or a viral query."""

    def source_pages(self, source: Source, query: str, *, limit: int) -> AsyncIterator[list[Post]]:
        """Read the same page by page, so that a timeout keeps what was read."""

    async def profile(
        self, *, back_to: str | None, limit: int, older_than: str | None = None
    ) -> ProfileReading:
        """Our own posts back to the post with id `back_to` (or the beginning), at most `limit`.

        With `older_than` only those that come after this one; nothing if it is not there.
        """

    async def post(self, post_id: str) -> Post | None:
        """One post by its id, None when the site says that it does not exist."""


class Composer(Protocol):
    """An open, logged-in form. Nothing is sent before `click`, and `click` is called once."""

    async def fill(self, text: str) -> None:
        """Put the text into the composer."""

    async def read_back(self) -> str:
        """Return the text that the composer holds now, exactly."""

    async def target_post_id(self) -> str | None:
        """Return the id of the post that this form replies to, as the page says; None for none."""

    async def click(self, *, permit_id: str, text: str, until_s: float) -> ClickObservation:
        """Open the interlock for one request that carries exactly this text, and press once.

        Nothing is sent after `until_s`, in seconds of the boot clock, however long this process is
        paused before it sends. Never raises for what the world does: a timeout, crash or lost
        answer is `UNKNOWN`.
        """


class Poster(Protocol):
    """The posting browser of one account."""

    def composer(self, target: Target | None) -> AbstractAsyncContextManager[Composer]:
        """Load the target's page logged in and find the composer. Raises `SiteError`s.

        Without a target it is the form for originals; `NoForm` where the profile has none.
        """

    async def settled(self, permit_id: str) -> ClickObservation | None:
        """Return what is proved of a click whose hand is gone; nothing leaves under it afterwards.

        None when nothing here has a record of it, so that only looking at the site will tell.
        """


class Site(Reader, Poster, Protocol):
    """One account on one site: reading and posting."""

    handle: str

    async def close(self) -> None:
        """Release the browser."""


@dataclass(frozen=True)
class ModelCall:
    """One request to the model endpoint.

    `schema` is the JSON Schema the answer must fit; `user` quotes texts from the site in data
    slots. Token and time limits are per call.
    """

    purpose: str
    request_id: str
    system: str
    user: str
    schema_name: str
    schema: dict[str, Any]
    model: str = "gpt-4o-mini"
    temperature: float = 0.8
    top_p: float = 1.0
    max_tokens: int = 300
    timeout_s: float = 30.0
    seed: int | None = None


class ModelOutcome(StrEnum):
    """How a call to the model ended."""

    OK = "ok"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate_limited"
    INSUFFICIENT_QUOTA = "insufficient_quota"
    REFUSED = "refused"
    BAD_ANSWER = "bad_answer"
    UNAUTHORIZED = "unauthorized"
    SERVER_ERROR = "server_error"
    FROM_DOUBLE = "from_double"  # a test double answered where only the real endpoint may


@dataclass(frozen=True)
class ModelAnswer:
    """What came back: raw text (untrusted), usage as the endpoint reported it, how it ended.

    `text` is "" unless `outcome` is OK. `cost_usd` follows the price table; latency in ms.
    """

    outcome: ModelOutcome
    text: str
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    latency_ms: int = 0
    detail: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Model(Protocol):
    """Any OpenAI-compatible endpoint."""

    async def ask(self, call: ModelCall) -> ModelAnswer:
        """Send one request, once. Never raises for what the endpoint does."""

    async def close(self) -> None:
        """Release the connections."""
