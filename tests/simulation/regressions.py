"""Seeds that once found something, and what it was; each is played with every run of the tests."""

from __future__ import annotations

REGRESSIONS: dict[int, str] = {
    3: "an attempt whose commit landed late never ended: nobody had its outcome to say",
    6: "a post that came back after a long reading was at a place no reading went back to",
    9: "a worker paused between its last check and the press sent after the budget",
    16: "ninety old posts on the profile: no reading was ever complete, nothing was settled",
    31: "an approval crossed the end of its queue item, and its permit was renewed for ever",
    38: "an abandoned attempt held readings back until they were too long to be complete",
    59: "a stop of one second was over before anybody revoked; the old approval was spent",
    85: "an outcome from the spool was not believed to be its own process's word",
    95: "an attempt lost on its way was looked for by id, and another worker's called not sent",
    244: "lost drafts held all places under the caps, and the queue starved",
}
"""Seed -> what it showed when it failed."""
