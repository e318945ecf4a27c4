-- Read model: one row per ghost, which is never deleted. Columns: projectors/ghosts.py.
create table gp.view_ghosts (
  account text not null,
  posted_id text not null,
  url text not null,
  text text not null,
  kind text not null,
  missing jsonb not null,
  target_post_id text,
  reading_id uuid not null,
  posted_at timestamptz,
  detected_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  why text,
  attested boolean not null,
  primary key (account, posted_id)
);
