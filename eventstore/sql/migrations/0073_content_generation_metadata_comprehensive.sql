-- Operators' view: every decision with the ids of its chain and its text.
create view operators.content_generation_metadata_comprehensive as
select decision_id, decision_type, pipeline_source, evaluation_id as candidate_evaluation_id,
  queue_id, scheduler_run_id, target_post_id as target_tweet_id, status, content, scheduled_at,
  created_at, target_author as target_username, generation_source, account
from gp.view_content;
