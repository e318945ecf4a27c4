-- Read model: one row per decision, with every id of its chain. Columns: projectors/chains.py.
create table gp.view_chains (
  account text not null,
  decision_id uuid not null,
  decision_type text not null,
  candidate_id uuid,
  candidate_evaluation_id uuid,
  queue_id uuid,
  scheduler_run_id uuid not null,
  permit_id uuid,
  posted_id text,
  url text,
  pipeline_source text not null,
  target_post_id text,
  decided_at timestamptz not null,
  posted_at timestamptz,
  primary key (account, decision_id)
);
