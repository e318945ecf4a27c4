"""A hundred questions of operators: windows of time, the latest of something, and joins.

`%(name)s` are values that the log holds: ids of one confirmed reply, its post, its author, an id of
a refused permit, and of a ghost.
"""

from __future__ import annotations

WINDOWS = ("15 minutes", "60 minutes", "24 hours")

TYPES = (
    "reply_v2_fetch_job_started",
    "reply_v2_fetch_job_failed",
    "reply_v2_scheduler_job_started",
    "post_reply_click_attempt",
    "posting_success",
    "permit_created",
    "ghost_detected",
    "production_proof_rollup",
    "production_watchdog_report",
    "production_watchdog_boot",
)

TIMES = {
    "candidate_evaluations": "created_at",
    "reply_candidate_queue": "created_at",
    "reply_slo_events": "slot_time",
    "content_metadata": "created_at",
    "content_generation_metadata_comprehensive": "created_at",
    "post_attempts": "created_at",
    "ghost_tweets": "detected_at",
    "llm_usage_log": '"timestamp"',
    "api_usage": '"timestamp"',
    "posted_decisions": "posted_at",
    "outcomes": "collected_at",
}
"""View -> its time."""

BY_ID = {
    "permit": "select * from post_attempts where permit_id = %(permit)s",
    "permits of a decision": "select * from post_attempts where decision_id = %(decision)s",
    "permit of a post": "select * from post_attempts where actual_tweet_id = %(tweet)s",
    "permits for a target": "select * from post_attempts where target_tweet_id = %(target)s",
    "permits of a run": "select * from post_attempts where run_id = %(run)s",
    "content": "select * from content_metadata where decision_id = %(decision)s",
    "content about a target": "select * from content_metadata where target_tweet_id = %(target)s",
    "evaluation": "select * from candidate_evaluations where id = %(evaluation)s",
    "evaluations of a post": """
        select * from candidate_evaluations where candidate_tweet_id = %(target)s""",
    "queue item": "select * from reply_candidate_queue where id = %(queue)s",
    "queue item of a post": """
        select * from reply_candidate_queue where candidate_tweet_id = %(target)s""",
    "slot of a decision": "select * from reply_slo_events where decision_id = %(decision)s",
    "slot": "select * from reply_slo_events where scheduler_run_id = %(run)s",
    "decision of a post": "select * from posted_decisions where tweet_id = %(tweet)s",
    "outcome": "select * from outcomes where decision_id = %(decision)s",
    "calls for a decision": "select * from llm_usage_log where request_id = %(decision)s",
    "events of a decision": "select event_type, created_at from system_events"
    " where event_data ->> 'decision_id' = %(decision)s order by created_at",
    "events of a permit": "select event_type, created_at from system_events"
    " where event_data ->> 'permit_id' = %(permit)s order by created_at",
    "events of a post": """
        select event_type, created_at from system_events
        where event_data ->> 'tweet_id' = %(tweet)s""",
    "event of a ghost": "select * from system_events where event_type = 'ghost_detected'"
    " and event_data ->> 'tweet_id' = %(ghost)s",
}

JOINS = {
    "a post back to its evaluation": """
        select d.tweet_id, p.permit_id, q.id, e.id, s.slot_time from posted_decisions d
        join post_attempts p on p.actual_tweet_id = d.tweet_id
        join content_generation_metadata_comprehensive c on c.decision_id = d.decision_id
        left join reply_candidate_queue q on q.id = c.queue_id
        left join candidate_evaluations e on e.id = c.candidate_evaluation_id
        left join reply_slo_events s on s.scheduler_run_id = c.scheduler_run_id
        where d.tweet_id = %(tweet)s""",
    "posts of a day with their chains": """
        select d.tweet_id, p.permit_id, p.pipeline_source, c.queue_id, s.slot_time
        from posted_decisions d join post_attempts p on p.decision_id = d.decision_id
        join content_generation_metadata_comprehensive c on c.decision_id = d.decision_id
        left join reply_slo_events s on s.decision_id = d.decision_id
        where d.posted_at > now() - interval '24 hours'""",
    "posts of two hours without a used permit": """
        select d.tweet_id from posted_decisions d left join post_attempts p
          on p.actual_tweet_id = d.tweet_id and p.status = 'USED'
        where d.posted_at > now() - interval '2 hours' and p.permit_id is null""",
    "attempts of a day with their event": """
        select p.permit_id, p.status, v.created_at from post_attempts p join system_events v
          on v.event_data ->> 'permit_id' = p.permit_id
         and v.event_type = 'post_reply_click_attempt'
        where p.created_at > now() - interval '24 hours'""",
    "click attempts of a day without a permit": """
        select v.id from system_events v left join post_attempts p
          on p.permit_id = v.event_data ->> 'permit_id'
        where v.event_type = 'post_reply_click_attempt' and p.permit_id is null
          and v.created_at > now() - interval '24 hours'""",
    "successes of a day that nothing explains": """
        select v.event_data ->> 'tweet_id' from system_events v left join posted_decisions d
          on d.tweet_id = v.event_data ->> 'tweet_id'
        where v.event_type = 'posting_success' and d.tweet_id is null
          and v.created_at > now() - interval '24 hours'""",
    "ghosts with their alerts": """
        select g.tweet_id, v.severity, v.created_at from ghost_tweets g join system_events v
          on v.event_data ->> 'tweet_id' = g.tweet_id where g.acknowledged_at is null""",
    "ghosts that have a decision after all": """
        select g.tweet_id, d.decision_id from ghost_tweets g
        join posted_decisions d on d.tweet_id = g.tweet_id""",
    "slots of a day and what became of them": """
        select s.slot_time, s.reason, p.status from reply_slo_events s
        left join post_attempts p on p.run_id = s.scheduler_run_id
        where s.slot_time > now() - interval '24 hours' order by s.slot_time""",
    "slots decided and not posted": """
        select s.slot_time, p.status, p.error_message from reply_slo_events s
        left join post_attempts p on p.decision_id = s.decision_id
        where s.reason = 'decided' and not s.posted and s.slot_time > now() - interval '7 days'""",
    "what a reply cost": """
        select l.purpose, sum(l.cost_usd) from content_metadata c join llm_usage_log l
          on l.request_id = c.decision_id where c.decision_id = %(decision)s group by 1""",
    "outcomes of a week with their texts": """
        select o.er, c.content from outcomes o
        join content_generation_metadata_comprehensive c using (decision_id)
        where o.collected_at > now() - interval '7 days' order by o.er desc limit 20""",
    "queue items of a day with their scores": """
        select q.id, q.status, e.overall_score from reply_candidate_queue q
        left join candidate_evaluations e on e.id = q.evaluation_id
        where q.created_at > now() - interval '24 hours'""",
    "refusals of a day with their decision": """
        select p.reason_code, c.status from post_attempts p join content_metadata c
          on c.decision_id = p.decision_id
        where p.status = 'REJECTED' and p.created_at > now() - interval '24 hours'""",
    "unknown outcomes and their content": """
        select p.permit_id, c.content from post_attempts p
        join content_generation_metadata_comprehensive c using (decision_id)
        where p.status = 'UNKNOWN'""",
    "decisions of a week with more than one permit": """
        select decision_id, count(*) from post_attempts
        where created_at > now() - interval '7 days' group by 1 having count(*) > 1""",
    "targets of a week answered twice": """
        select target_tweet_id, count(*) from post_attempts where status in ('USED', 'UNKNOWN')
          and created_at > now() - interval '7 days' group by 1 having count(*) > 1""",
}

COUNTS = {
    "spend of a day by purpose": """
        select purpose, sum(cost_usd), count(*) from llm_usage_log
        where "timestamp" > now() - interval '24 hours' group by 1""",
    "spend of an hour by model": """
        select model, sum(cost_usd) from api_usage
        where "timestamp" > now() - interval '1 hour' group by 1""",
    "failed calls of a day": """
        select purpose, status from llm_usage_log where status <> 'ok'
          and "timestamp" > now() - interval '24 hours'""",
    "evaluations of a day by tier": """
        select predicted_tier, count(*) from candidate_evaluations
        where created_at > now() - interval '24 hours' group by 1""",
    "share of a day that passed the filters": """
        select avg(passed_hard_filters::int) from candidate_evaluations
        where created_at > now() - interval '24 hours'""",
    "best evaluations of a day": """
        select id, overall_score from candidate_evaluations where predicted_tier = 'A'
          and created_at > now() - interval '24 hours' order by overall_score desc limit 10""",
    "queue now": """
        select predicted_tier, count(*) from reply_candidate_queue
        where status = 'queued' and expires_at > now() group by 1""",
    "queue by status": """
        select status, count(*) from reply_candidate_queue
        where created_at > now() - interval '24 hours' group by 1""",
    "selected too long ago": """
        select id from reply_candidate_queue where status = 'selected'
          and selected_at < now() - interval '10 minutes'
          and created_at > now() - interval '2 days'""",
    "slots of a day by reason": """
        select reason, count(*), count(*) filter (where posted) from reply_slo_events
        where slot_time > now() - interval '24 hours' group by 1""",
    "slots of a week without a decision": """
        select slot_time, reason from reply_slo_events where decision_id is null
          and slot_time > now() - interval '7 days' order by slot_time""",
    "permits of an hour by status": """
        select status, count(*) from post_attempts
        where created_at > now() - interval '1 hour' group by 1""",
    "permits of a week by status": """
        select status, count(*) from post_attempts
        where created_at > now() - interval '7 days' group by 1""",
    "permits used in two hours": """
        select permit_id, actual_tweet_id from post_attempts
        where status = 'USED' and used_at > now() - interval '2 hours'""",
    "permits that wait": """
        select permit_id, created_at from post_attempts where status in ('PENDING', 'APPROVED')""",
    "refusals for their source": """
        select * from post_attempts where reason_code = 'invalid_pipeline_source'""",
    "due and not posted": """
        select decision_id, scheduled_at from content_metadata
        where status = 'queued' and scheduled_at <= now() order by scheduled_at""",
    "content of a day by status": """
        select decision_type, status, count(*) from content_metadata
        where created_at > now() - interval '24 hours' group by 1, 2""",
    "ghosts nobody looked at": "select * from ghost_tweets where acknowledged_at is null",
    "engagement of a week by day": """
        select date_trunc('day', collected_at), avg(er) from outcomes where not simulated
          and collected_at > now() - interval '7 days' group by 1 order by 1""",
    "arms": "select arm, alpha::float / (alpha + beta) from bandit_arms order by 2 desc",
    "errors of a day": """
        select event_type, message, created_at from system_events
        where severity in ('error', 'critical') and created_at > now() - interval '24 hours'
        order by created_at desc""",
    "last twenty critical events": """
        select event_type, message, created_at from system_events where severity = 'critical'
        order by created_at desc limit 20""",
    "running builds": """
        select distinct event_data ->> 'git_sha' from system_events
        where event_type = 'production_watchdog_boot' and created_at > now() - interval '7 days'""",
    "posts per hour of a day": """
        select date_trunc('hour', posted_at), count(*) from posted_decisions
        where posted_at > now() - interval '24 hours' group by 1 order by 1""",
    "last hundred events": """
        select created_at, event_type, message from system_events
        order by created_at desc limit 100""",
    "events of one account in an hour": """
        select event_type, count(*) from system_events where account = 'me'
          and created_at > now() - interval '1 hour' group by 1""",
    "migrations": """
        select event_type, event_data ->> 'git_sha' from system_events
        where event_type = 'migration_0001_head_applied'""",
}


FOR_WINDOW = """
select event_type, count(*) from system_events
where created_at > now() - interval '{window}' group by 1 order by 2 desc"""
FOR_LATEST_EVENT = """
select created_at, event_data from system_events
where event_type = '{name}' order by created_at desc limit 1"""
FOR_HOURS = """
select date_trunc('hour', created_at), count(*) from system_events
where event_type = '{name}' and created_at > now() - interval '24 hours' group by 1 order by 1"""
FOR_LATEST = "select * from {view} order by {time} desc limit 1"
FOR_COUNT = "select count(*) from {view} where {time} > now() - interval '{window}'"


def queries() -> dict[str, str]:
    """Return every question by name."""
    asked = {f"events of {w} by type": FOR_WINDOW.format(window=w) for w in WINDOWS}
    asked |= {f"latest {name}": FOR_LATEST_EVENT.format(name=name) for name in TYPES}
    asked |= {f"hours of {name}": FOR_HOURS.format(name=name) for name in TYPES[:5]}
    for view, time in TIMES.items():
        asked[f"latest of {view}"] = FOR_LATEST.format(view=view, time=time)
    for view in ("post_attempts", "reply_slo_events", "posted_decisions"):
        for window in WINDOWS[1:]:
            query = FOR_COUNT.format(view=view, time=TIMES[view], window=window)
            asked[f"{view} of {window}"] = query
    return asked | BY_ID | JOINS | COUNTS
