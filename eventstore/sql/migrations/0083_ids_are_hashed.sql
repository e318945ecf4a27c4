-- Ids that come from outside may be of any length, which a btree's row may not; they are only ever
-- asked for as a whole, and most events have none, which a hash index does not keep.
drop index gp.log_by_decision, gp.log_by_permit, gp.log_by_post,
  gp.evaluations_by_post, gp.queue_by_post;
create index log_by_decision on gp.log using hash ((gp.event_data(type, body) ->> 'decision_id'));
create index log_by_permit on gp.log using hash ((gp.event_data(type, body) ->> 'permit_id'));
create index log_by_post on gp.log using hash ((gp.event_data(type, body) ->> 'tweet_id'));
create index evaluations_by_post on gp.view_evaluations using hash (candidate_post_id);
create index queue_by_post on gp.view_queue using hash (candidate_post_id);
