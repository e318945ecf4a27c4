-- Operators' view: every ghost, with the links that are missing as its reason.
create view operators.ghost_tweets as
select posted_id as tweet_id, detected_at, posted_at, text as content,
  array_to_string(array(select jsonb_array_elements_text(missing)), ', ') as reason,
  acknowledged_at, kind, url, acknowledged_by, why as acknowledged_why, attested, account
from gp.view_ghosts;
create index ghosts_by_post on gp.view_ghosts (posted_id);
create index ghosts_by_time on gp.view_ghosts (detected_at);
