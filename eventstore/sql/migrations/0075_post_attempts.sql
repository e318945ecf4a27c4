-- Operators' view: every permit by the names of its states that operators have; USED only once the
-- post is confirmed.
create view operators.post_attempts as
select permit_id::text as permit_id, decision_id::text as decision_id, decision_type,
  pipeline_source,
  case status when 'created' then 'PENDING' when 'confirmed' then 'USED'
    when 'refused' then 'SITE_REJECTED' else upper(status) end as status,
  target_post_id as target_tweet_id, target_is_root,
  target_in_reply_to as target_in_reply_to_tweet_id, reason_code, error_message,
  posted_id as actual_tweet_id, content_preview, scheduler_run_id::text as run_id,
  created_at, approved_at, used_at, expires_at, supersedes::text as supersedes, account
from gp.view_permits;
create index permits_by_id on gp.view_permits ((permit_id::text));
create index permits_by_decision on gp.view_permits ((decision_id::text));
create index permits_by_run on gp.view_permits ((scheduler_run_id::text));
create index permits_by_target on gp.view_permits (target_post_id);
create index permits_by_post on gp.view_permits (posted_id);
create index permits_by_time on gp.view_permits (created_at);
create index permits_by_use on gp.view_permits (used_at);
create index permits_by_reason on gp.view_permits (reason_code, created_at);
create index permits_by_status on gp.view_permits ((
  case status when 'created' then 'PENDING' when 'confirmed' then 'USED'
    when 'refused' then 'SITE_REJECTED' else upper(status) end), created_at);
