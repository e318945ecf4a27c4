"""The law as the append function judges it: one refusal a test, by its SQLSTATE."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from msgspec.structs import replace as changed

from eventstore.store import PostgresStore
from schema.contracts import Command, Condition, NewEvent
from schema.errors import AppendRefused, NoSuchAccount
from schema.events.operations import StopSource
from schema.events.posting import ClickAttempt
from schema.ids import Account, Trace, named
from tests.postgres_fixtures import ME
from tests.store.chains import (
    NOBODY,
    OPEN_CAPS,
    Chain,
    allowed,
    caps,
    digest,
    given,
    ready,
    say,
    stopped,
)

ONE, TWO = Chain("one"), Chain("two", target="post-2", author="eve")


async def test_an_approved_permit_buys_one_click(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click(), ONE.success())


@pytest.mark.parametrize(
    "outcome",
    [ONE.success(), ONE.not_sent(), ONE.refused(), ONE.unknown()],
    ids=lambda new: type(new.event).__name__,
)
async def test_an_attempt_has_one_outcome(store: PostgresStore, outcome: NewEvent) -> None:
    await given(store, *ready(ONE), ONE.click(), outcome)
    other = ONE.refused() if outcome.event != ONE.refused().event else ONE.unknown()
    assert (await say(store, other)).code == "GP013"


async def test_an_unknown_outcome_is_settled_late_without_a_click(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click(), ONE.unknown(), ONE.abandoned(), ONE.late())


async def test_a_click_that_spends_nothing_is_refused(store: PostgresStore) -> None:
    nothing = ONE.click()
    event = changed(cast("ClickAttempt", nothing.event), spends=None)
    await given(store, *ready(ONE))
    assert (await say(store, replace(nothing, event=event))).code == "GP010"


async def test_a_click_on_what_is_not_in_the_log_is_refused(store: PostgresStore) -> None:
    await given(store, *ready(ONE))
    assert (await say(store, ONE.click(NOBODY))).code == "GP011"


async def test_a_click_on_another_chains_approval_is_refused(store: PostgresStore) -> None:
    await given(store, *ready(ONE), TWO.created(), TWO.drafted())
    assert (await say(store, TWO.click(ONE.id("approved")))).code == "GP012"


async def test_a_click_on_another_permit_of_the_chain_is_refused(store: PostgresStore) -> None:
    other = replace(ONE, permit="other")
    await given(store, *ready(ONE), other.created("created other"))
    assert (await say(store, other.click(ONE.id("approved")))).code == "GP012"


async def test_a_spent_permit_buys_nothing(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click())
    assert (await say(store, ONE.click(key="again"))).code == "GP013"


@pytest.mark.parametrize("end", [ONE.expired(), ONE.revoked()], ids=["expired", "revoked"])
async def test_a_permit_that_ended_buys_nothing(store: PostgresStore, end: NewEvent) -> None:
    await given(store, *ready(ONE), end)
    assert (await say(store, ONE.click())).code == "GP013"


@pytest.mark.parametrize("what", ["created", "drafted"])
async def test_a_click_spends_an_approval_and_nothing_else(store: PostgresStore, what: str) -> None:
    await given(store, caps(), ONE.created(), ONE.drafted())
    assert (await say(store, ONE.click(ONE.id(what)))).code == "GP014"


async def test_a_permit_is_created_once(store: PostgresStore) -> None:
    await given(store, ONE.created())
    assert (await say(store, ONE.created("again"))).code == "GP015"


async def test_a_post_has_one_permit(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click(), ONE.success(posted_id="7"))
    await given(store, *ready(TWO)[1:], TWO.click())
    assert (await say(store, TWO.success(posted_id="7"))).code == "GP017"


async def test_a_line_break_in_an_id_is_refused(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.click())
    assert (await say(store, ONE.success(posted_id="7\nleaf=0"))).code == "GP018"


@pytest.mark.parametrize("source", list(StopSource))
async def test_the_kill_switch_stops_the_next_click(
    store: PostgresStore, source: StopSource
) -> None:
    await given(store, *ready(ONE), stopped(source=source))
    verdict = await say(store, ONE.click())
    assert (verdict.code, source in verdict.reason) == ("GP020", True)


async def test_every_source_of_the_kill_switch_must_be_taken_back(store: PostgresStore) -> None:
    await given(store, stopped(), stopped("file", StopSource.FILE), *ready(ONE), allowed())
    assert (await say(store, ONE.click())).code == "GP020"
    await given(store, allowed("file off", StopSource.FILE), ONE.click())


async def test_a_permit_from_before_a_stop_buys_nothing_after_it(store: PostgresStore) -> None:
    await given(store, *ready(ONE), stopped(), allowed())
    verdict = await say(store, ONE.click())
    assert (verdict.code, "before a stop" in verdict.reason) == ("GP020", True)


async def test_one_workers_flag_is_not_taken_back_with_anothers(store: PostgresStore) -> None:
    flag, one, two = StopSource.FLAG, named("one"), named("two")
    await given(store, stopped("1", flag, one), stopped("2", flag, two), *ready(ONE))
    await given(store, allowed("1 off", flag, one), allowed("nobody's off", flag))
    verdict = await say(store, ONE.click())
    assert (verdict.code, str(two) in verdict.reason) == ("GP020", True)
    assert str(one) not in verdict.reason
    await given(store, allowed("2 off", flag, two), ONE.click())


async def test_an_expired_permit_buys_nothing(store: PostgresStore) -> None:
    await given(store, caps(), ONE.created(), ONE.approved(ttl_s=0), ONE.drafted())
    assert (await say(store, ONE.click())).code == "GP021"


async def test_only_the_latest_accepted_text_may_be_posted(store: PostgresStore) -> None:
    await given(store, *ready(ONE), ONE.drafted("a better reply", "redraft"))
    assert (await say(store, ONE.click())).code == "GP022"
    await given(store, ONE.click(text="a better reply"))


async def test_without_an_accepted_text_nothing_may_be_posted(store: PostgresStore) -> None:
    await given(store, caps(), ONE.created(), ONE.approved())
    assert (await say(store, ONE.click())).code == "GP022"


async def test_a_person_approved_one_exact_text(store: PostgresStore) -> None:
    approved = ONE.approved(text_hash=digest("what the person saw"))
    await given(store, caps(), ONE.created(), ONE.drafted(), approved)
    assert (await say(store, ONE.click())).code == "GP022"


@pytest.mark.parametrize(
    "cap", ["clicks_per_hour", "clicks_per_day", "clicks_per_author_per_day", "gap_s"]
)
async def test_a_cap_holds(store: PostgresStore, cap: str) -> None:
    two = replace(TWO, author=ONE.author)
    limit = caps(changed(OPEN_CAPS, **{cap: 1 if cap != "gap_s" else 300}), "tight")
    await given(store, *ready(ONE), limit, ONE.click(), *ready(two)[1:])
    assert (await say(store, two.click())).code == "GP023"


async def test_until_caps_are_set_the_defaults_hold(store: PostgresStore) -> None:
    await given(store, *ready(ONE)[1:], ONE.click(), *ready(TWO)[1:])
    verdict = await say(store, TWO.click())
    assert (verdict.code, verdict.reason) == ("GP023", "less than 300 s since the last click")


async def test_a_click_goes_to_the_permits_target(store: PostgresStore) -> None:
    await given(store, *ready(ONE))
    assert (await say(store, replace(ONE, target="post-9").click())).code == "GP024"
    assert (await say(store, ONE.click(author="eve"))).code == "GP024"


async def test_an_approval_for_another_target_buys_nothing(store: PostgresStore) -> None:
    astray = replace(ONE, target="post-9").approved()
    await given(store, caps(), ONE.created(), astray, ONE.drafted())
    assert (await say(store, ONE.click())).code == "GP024"


async def test_an_approval_lasts_a_week_at_most(store: PostgresStore) -> None:
    week_s = 7 * 24 * 3600
    await given(store, caps(), ONE.created())
    assert (await say(store, ONE.approved(ttl_s=week_s + 1))).code == "GP018"
    await given(store, ONE.approved(ttl_s=week_s))


async def test_a_click_comes_alone_in_its_call(store: PostgresStore) -> None:
    await given(store, *ready(ONE))
    both = Command((ONE.click(), ONE.success()))
    (verdict,) = await store.append(ME, [both], actor="test")
    assert verdict.code == "GP025"


async def test_the_store_sends_clicks_apart(store: PostgresStore) -> None:
    await given(store, *ready(ONE), *ready(TWO)[1:])
    commands = [Command((new,)) for new in (ONE.click(), ONE.success(), TWO.click())]
    verdicts = await store.append(ME, commands, actor="test")
    assert [verdict.code for verdict in verdicts] == ["ok", "ok", "ok"]


async def test_the_application_cannot_approve(store: PostgresStore) -> None:
    await given(store, ONE.created())
    with pytest.raises(AppendRefused, match="only the approver") as caught:
        await store.append(ME, [Command((ONE.approved(),))], actor="test")
    assert caught.value.code == "GP005"


async def test_the_application_cannot_end_a_logged_stop(store: PostgresStore) -> None:
    await given(store, stopped(), stopped("flag", StopSource.FLAG))
    with pytest.raises(AppendRefused, match="only the approver"):
        await store.append(ME, [Command((allowed(),))], actor="test")
    flag = Command((allowed("flag off", StopSource.FLAG),))
    assert (await store.append(ME, [flag], actor="test"))[0].stands


async def test_the_approver_cannot_click(store: PostgresStore) -> None:
    await given(store, *ready(ONE))
    with pytest.raises(AppendRefused, match="does not click"):
        await store.append(ME, [Command((ONE.click(),))], actor="test", approver=True)


async def test_a_condition_fails_when_something_newer_is_there(store: PostgresStore) -> None:
    await given(store, ONE.created(), ONE.drafted())
    seen_created = Condition(Trace(ONE.trace), 0, ("draft_accepted", "permit_expired"))
    late = Command((ONE.drafted("late", "late"),), seen_created)
    in_time = Command((ONE.drafted("late", "late"),), replace(seen_created, after=1))
    elsewhere = Command((TWO.created(),), replace(seen_created, trace=Trace(TWO.trace)))
    verdicts = await store.append(ME, [late, elsewhere, in_time], actor="test")
    assert [verdict.code for verdict in verdicts] == ["GP003", "ok", "ok"]


async def test_a_cause_that_nobody_has_is_an_error(store: PostgresStore) -> None:
    orphan = replace(ONE.created(), cause=NOBODY)
    with pytest.raises(AppendRefused, match="cause is not in the log") as caught:
        await say(store, orphan)
    assert caught.value.code == "GP016"


async def test_an_unknown_account_is_named(store: PostgresStore) -> None:
    with pytest.raises(NoSuchAccount, match="nobody"):
        await say(store, ONE.created(), Account("nobody"))
    with pytest.raises(NoSuchAccount, match="nobody"):
        await store.read(Account("nobody"))


async def test_a_refused_command_takes_no_position(store: PostgresStore) -> None:
    await given(store, caps())
    commands = [Command((new,)) for new in (ONE.created(), ONE.revoked(NOBODY), ONE.drafted())]
    verdicts = await store.append(ME, commands, actor="test")
    assert [(v.code, v.position) for v in verdicts] == [("ok", 1), ("GP011", None), ("ok", 2)]


async def test_what_a_refused_command_said_cannot_be_spent(store: PostgresStore) -> None:
    await given(store, caps())
    refused = Command((ONE.created(), ONE.revoked(NOBODY)))
    heir = Command((ONE.expired(ONE.id("created")),))
    verdicts = await store.append(ME, [refused, heir], actor="test")
    assert [verdict.code for verdict in verdicts] == ["GP011", "GP011"]


async def test_one_call_cannot_spend_twice(store: PostgresStore) -> None:
    await given(store, caps(), ONE.created())
    created = ONE.id("created")
    commands = [Command((ONE.expired(created),)), Command((ONE.revoked(created),))]
    verdicts = await store.append(ME, commands, actor="test")
    assert [verdict.code for verdict in verdicts] == ["ok", "GP013"]
