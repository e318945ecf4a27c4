-- Operators' view: one row per slot; the reason is null while it is open.
create view operators.reply_slo_events as
select scheduler_run_id::text as id, scheduler_run_id::text as scheduler_run_id, slot_time, posted,
  decision_id::text as decision_id, reason, started_at as created_at, closed_at, queue_size, account
from gp.view_slots;
create index slots_by_id on gp.view_slots ((scheduler_run_id::text));
create index slots_by_decision on gp.view_slots ((decision_id::text));
create index slots_by_slot on gp.view_slots (slot_time);
create index slots_by_time on gp.view_slots (started_at);
create index slots_by_reason on gp.view_slots (reason, started_at);
