-- Operators' view: every decision, in short.
create view operators.content_metadata as
select decision_id, decision_type, generation_source, status, target_post_id as target_tweet_id,
  target_author as target_username, scheduled_at, created_at, account
from gp.view_content;
