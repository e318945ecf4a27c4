-- Operators' view: the queue, and what makes its questions quick.
create view operators.reply_candidate_queue as
select queue_id::text as id, evaluation_id::text as evaluation_id,
  candidate_post_id as candidate_tweet_id, status, tier as predicted_tier,
  created_at, expires_at, selected_at,
  author as candidate_username, source, score, reason,
  scheduler_run_id::text as scheduler_run_id, account
from gp.view_queue;
create index queue_by_id on gp.view_queue ((queue_id::text));
create index queue_by_evaluation on gp.view_queue ((evaluation_id::text));
create index queue_by_post on gp.view_queue (candidate_post_id);
create index queue_by_time on gp.view_queue (created_at);
create index queue_by_status on gp.view_queue (status, created_at);
create index queue_by_selection on gp.view_queue (selected_at);
