-- Read model: one row per slot of the scheduler. Columns are the fields of projectors/slots.py.
create table gp.view_slots (
  account text not null,
  scheduler_run_id uuid not null,
  slot_time timestamptz not null,
  started_at timestamptz not null,
  closed_at timestamptz,
  reason text,
  decision_id uuid,
  queue_size int,
  posted boolean not null,
  primary key (account, scheduler_run_id)
);
