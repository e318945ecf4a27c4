"""How the double behaves: well, or in one of the ways a network's other end can fail."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Mode(StrEnum):
    """One way to behave."""

    OK = "ok"
    SLOW = "slow"  # a good answer, after the delay
    INSUFFICIENT_QUOTA = "insufficient_quota"
    RATE_LIMITED = "rate_limited"
    UNAUTHORIZED = "unauthorized"
    SERVER_ERROR = "server_error"
    GARBAGE = "garbage"  # status 200 and a body that is no JSON
    WRONG_SCHEMA = "wrong_schema"  # a good envelope, content of another shape
    EMPTY = "empty"  # no choices
    REFUSAL = "refusal"
    LENGTH = "length"  # cut at the token limit
    CUT = "cut"  # the connection ends inside the body
    OVERSIZE = "oversize"  # a body beyond any cap
    NO_USAGE = "no_usage"  # a good answer that counts no tokens


class Behaviour(BaseModel):
    """A mode for the next `times` requests, or until changed; each waits `delay_s` first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Mode = Mode.OK
    times: int | None = Field(default=None, ge=1)
    delay_s: float = Field(default=0.0, ge=0, le=600)


class Script:
    """The behaviour in force; it falls back to good behaviour once its times are used up."""

    def __init__(self) -> None:
        self._now = Behaviour()
        self._left: int | None = None

    def follow(self, behaviour: Behaviour) -> None:
        """Behave so from the next request on."""
        self._now, self._left = behaviour, behaviour.times

    def next(self) -> Behaviour:
        """Give the behaviour for one request, and count it."""
        if self._left == 0:
            self.follow(Behaviour())
        if self._left is not None:
            self._left -= 1
        return self._now
