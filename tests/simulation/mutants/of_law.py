"""Bugs in the law as PostgreSQL enforces it."""

from __future__ import annotations

from tests.simulation.mutants.mutant import ROOT, Edit, Mutant, one

SQL = "eventstore/sql/migrations/"


def latest(name: str) -> str:
    """Return the file that says this object last."""
    return str(max((ROOT / SQL).glob(f"*_{name}.sql")).relative_to(ROOT))


CLICK = latest("click_refusal")
CAPS = f"{SQL}0022_cap_refusal.sql"
MOVES = f"{SQL}0004_legal_move.sql"
REFUSAL = f"{SQL}0027_refusal.sql"
HEED = latest("heed")
APPEND = latest("append")
LIES = ("tests/store/test_lying_callers.py",)

OTHER_PERMIT = Edit(
    f"{SQL}0026_chain_refusal.sql",
    "when p_trace <> e.trace or p_permit is distinct from e.permit",
    "when p_trace <> e.trace",
)
IN_TRACE = '(account, trace, permit, "position", type)'
SPENDS = "(account, trace, permit, spends, spends_type)"
OTHER_PERMIT_BY_HAND = tuple(
    Edit(f"{SQL}0005_log.sql", f"{before}{columns}", before + columns.replace("permit, ", ""))
    for before, columns in (
        ("constraint in_trace unique ", IN_TRACE),
        ("constraint antecedent foreign key ", SPENDS),
        ("references gp.log ", IN_TRACE),
    )
)

MUTANTS = (
    one(
        "law: expiry is not checked",
        CLICK,
        "if p_approval.expires_at <= p_at then",
        "if false then",
    ),
    one("law: the kill switch is not checked", CLICK, "if cardinality(h.stops) > 0", "if false"),
    one("law: a stop that is over is forgotten", CLICK, "if exists (", "if false and exists ("),
    one(
        "law: the accepted text is not compared",
        CLICK,
        "accepted is distinct from p_text_hash",
        "false",
    ),
    one(
        "law: the approved text is not compared",
        CLICK,
        "or p_approval.text_hash <> p_text_hash",
        "",
    ),
    one("law: the first draft counts", CLICK, 'order by "position" desc', 'order by "position"'),
    Mutant(
        "law: the target is not compared",
        (
            Edit(CLICK, "created.target is distinct from p_target", "false"),
            Edit(CLICK, "or p_approval.target is distinct from p_target", ""),
        ),
    ),
    one(
        "law: the approved target is not compared",
        CLICK,
        "or p_approval.target is distinct from p_target",
        "",
        tests=LIES,
    ),
    one(
        "law: the author is not compared",
        CLICK,
        "created.target_author is distinct from p_author",
        "false",
    ),
    one("law: one more an hour", CAPS, "hour >= h.clicks_per_hour", "hour > h.clicks_per_hour"),
    one("law: one more a day", CAPS, "day >= h.clicks_per_day", "day > h.clicks_per_day"),
    one(
        "law: one more to an author",
        CAPS,
        "author >= h.clicks_per_author_per_day",
        "author > h.clicks_per_author_per_day",
    ),
    one(
        "law: no gap",
        CAPS,
        "when latest > p_at - make_interval",
        "when p_at < p_at - make_interval",
    ),
    one(
        "law: a created permit may be spent",
        MOVES,
        "when 'click_attempt'     then spends_type is not distinct from 'permit_approved'",
        "when 'click_attempt' then spends_type in ('permit_created', 'permit_approved')",
    ),
    one(
        "law: not sent after unknown",
        MOVES,
        "when 'click_not_sent'    then spends_type is not distinct from 'click_attempt'",
        "when 'click_not_sent' then spends_type in ('click_attempt', 'outcome_unknown')",
    ),
    one(
        "law: late without being abandoned",
        MOVES,
        "when 'late_confirmed'    then spends_type is not distinct from 'outcome_abandoned'",
        "when 'late_confirmed' then spends_type in ('outcome_unknown', 'outcome_abandoned')",
    ),
    Mutant(
        "law: another permit's approval",
        (OTHER_PERMIT, *OTHER_PERMIT_BY_HAND),
    ),
    Mutant("law: another permit's approval is left to the constraint", (OTHER_PERMIT,)),
    Mutant(
        "law: a permit is spent twice",
        (
            Edit(
                REFUSAL,
                'select 1 from gp.log where account = h.account and spends = spent."position"',
                "select 1 where false",
            ),
            Edit(f"{SQL}0006_spent_once.sql", "unique index", "index"),
        ),
    ),
    Mutant(
        "law: a permit is created twice",
        (
            Edit(
                REFUSAL,
                "if e.type = 'permit_created' then\n    return case when exists (",
                "if e.type = 'permit_created' then\n    return case when false and exists (",
            ),
            Edit(f"{SQL}0007_created_once.sql", "unique index", "index"),
        ),
    ),
    Mutant(
        "law: a post is explained twice",
        (
            Edit(
                REFUSAL,
                "e.type in ('posting_success', 'late_confirmed') and exists",
                "false and exists",
            ),
            Edit(f"{SQL}0008_posted_once.sql", "unique index", "index"),
        ),
    ),
    one(
        "law: a click beside other events",
        f"{SQL}0028_judge.sql",
        "e.type = 'click_attempt' and cardinality",
        "false and cardinality",
    ),
    one(
        "law: an id is used again",
        f"{SQL}0020_recognise.sql",
        "case when r.same then",
        "case when true then",
    ),
    one(
        "law: conditions are not looked at",
        f"{SQL}0028_judge.sql",
        "refusals[at_command] is null and gp.stale",
        "false and gp.stale",
    ),
    one("law: a stop is not heeded", HEED, "h.stops := h.stops || hold;", "null;"),
    one("law: the application approves", APPEND, "array['permit_approved', ", "array["),
    one(
        "law: the application ends a logged stop",
        APPEND,
        "if 'posting_allowed' = any(p.type) and exists",
        "if false and exists",
    ),
    one(
        "law: a hold is joined of any two parts",
        f"{SQL}0089_stop_hold.sql",
        "coalesce(body ->> 'source', '') not in ('logged', 'flag', 'file')",
        "false",
        tests=LIES,
    ),
    one(
        "law: the approver clicks",
        f"{SQL}0035_append_as_approver.sql",
        "if 'click_attempt' = any(p.type) then",
        "if false then",
    ),
)
