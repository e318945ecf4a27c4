"""The invariants that the log alone can answer, each in code that shares nothing with the rules."""

from __future__ import annotations

from replay.invariants.approvals import ApprovalsAreRight
from replay.invariants.bindings import TargetsAreBound, TextsAreBound
from replay.invariants.check import Check
from replay.invariants.choices import TargetsWereFound
from replay.invariants.clicks import (
    AttemptsEndOnce,
    ClicksAreApproved,
    ClicksAreInTime,
    PermitsBuyOneClick,
    PostsFollowAttempts,
)
from replay.invariants.erasing import ErasuresAreNamed
from replay.invariants.leaves import LeavesAreTrue
from replay.invariants.limits import CapsAreKept, StopsAreObeyed
from replay.invariants.liveness import ApprovalsEnd, AttemptsAreSettled, QueueItemsEnd
from replay.invariants.log import IdsAreUnique, PositionsAreGapless, TypesAreKnown
from replay.invariants.looking import AbandonedAfterLooking, GhostsAreReal, NotSentIsKnown
from replay.invariants.posts import ChainsAreWhole, PostsHaveOnePermit
from replay.invariants.profile import PostsAreAccountedFor
from replay.invariants.queueing import CandidatesAreQueuedOnce
from replay.invariants.targets import TargetsGetOneReply, TargetsHaveOneLivePermit

INVARIANTS: tuple[type[Check], ...] = (
    ClicksAreApproved,
    ClicksAreInTime,
    PermitsBuyOneClick,
    AttemptsEndOnce,
    PostsFollowAttempts,
    PostsHaveOnePermit,
    ChainsAreWhole,
    CandidatesAreQueuedOnce,
    TextsAreBound,
    TargetsAreBound,
    TargetsHaveOneLivePermit,
    TargetsGetOneReply,
    ApprovalsAreRight,
    StopsAreObeyed,
    CapsAreKept,
    NotSentIsKnown,
    PositionsAreGapless,
    IdsAreUnique,
    LeavesAreTrue,
    PostsAreAccountedFor,
    GhostsAreReal,
    AbandonedAfterLooking,
    TargetsWereFound,
    ErasuresAreNamed,
    TypesAreKnown,
    AttemptsAreSettled,
    ApprovalsEnd,
    QueueItemsEnd,
)
