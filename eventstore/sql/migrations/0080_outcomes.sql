-- Operators' view: what posts led to; those whose numbers could not be had are left out.
create view operators.outcomes as
select decision_id::text as decision_id, simulated, impressions, likes, replies, er, collected_at,
  posted_id as tweet_id, account
from gp.view_outcomes where reason is null;
create index outcomes_by_decision on gp.view_outcomes ((decision_id::text));
create index outcomes_by_time on gp.view_outcomes (collected_at);
