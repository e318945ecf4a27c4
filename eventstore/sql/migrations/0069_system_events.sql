-- Operators' view: every event of every account, straight from the log.
create view operators.system_events as
select event_id as id, recorded_at as created_at,
  gp.event_name(type, target, body) as event_type,
  gp.event_severity(type, body) as severity,
  gp.event_message(gp.event_name(type, target, body), gp.event_data(type, body)) as message,
  gp.event_data(type, body) as event_data,
  account, "position"
from gp.log;
