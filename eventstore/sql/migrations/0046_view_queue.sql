-- Read model: one row per queue item. Columns are the fields of projectors/queue.py.
create table gp.view_queue (
  account text not null,
  queue_id uuid not null,
  evaluation_id uuid not null,
  candidate_id uuid not null,
  candidate_post_id text not null,
  author text not null,
  source text not null,
  tier text not null,
  score double precision not null,
  status text not null,
  reason text not null,
  scheduler_run_id uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  selected_at timestamptz,
  primary key (account, queue_id)
);
