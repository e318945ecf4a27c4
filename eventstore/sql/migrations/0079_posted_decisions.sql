-- Operators' view: every decision whose post is confirmed.
create view operators.posted_decisions as
select decision_id::text as decision_id, posted_id as tweet_id, posted_at,
  permit_id::text as permit_id, decision_type, target_post_id as target_tweet_id, url, account
from gp.view_chains where posted_id is not null;
create index chains_by_decision on gp.view_chains ((decision_id::text));
create index chains_by_post on gp.view_chains (posted_id);
create index chains_by_time on gp.view_chains (posted_at);
