-- What operators ask the log: a window of time, the latest of a name, what was bad, and the events
-- that carry an id. The expressions are those of the view system_events.
create index log_by_time on gp.log (recorded_at);
create index log_by_name on gp.log (gp.event_name(type, target, body), recorded_at);
create index log_by_fault on gp.log (recorded_at)
  where gp.event_severity(type, body) in ('error', 'critical');
create index log_by_decision on gp.log ((gp.event_data(type, body) ->> 'decision_id'));
create index log_by_permit on gp.log ((gp.event_data(type, body) ->> 'permit_id'));
create index log_by_post on gp.log ((gp.event_data(type, body) ->> 'tweet_id'));
