-- Read model: one row per decision and its text. Columns are the fields of projectors/content.py.
create table gp.view_content (
  account text not null,
  decision_id text not null,
  decision_type text not null,
  pipeline_source text not null,
  evaluation_id text,
  queue_id text,
  scheduler_run_id text not null,
  target_post_id text,
  target_author text,
  status text not null,
  generation_source text not null,
  content text,
  scheduled_at timestamptz not null,
  created_at timestamptz not null,
  primary key (account, decision_id)
);
create index content_by_id on gp.view_content (decision_id);
create index content_by_time on gp.view_content (created_at);
create index content_by_status on gp.view_content (status, scheduled_at);
create index content_by_target on gp.view_content (target_post_id);
create index content_by_run on gp.view_content (scheduler_run_id);
create index content_by_queue on gp.view_content (queue_id);
create index content_by_evaluation on gp.view_content (evaluation_id);
