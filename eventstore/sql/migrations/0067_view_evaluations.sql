-- Read model: one row per evaluation. Columns are the fields of projectors/evaluations.py.
create table gp.view_evaluations (
  account text not null,
  evaluation_id text not null,
  candidate_id uuid not null,
  candidate_post_id text not null,
  author text not null,
  source text not null,
  passed_hard_filters boolean not null,
  overall_score double precision,
  tier text,
  ai_judge_decision text,
  verdict text not null,
  reason text not null,
  evaluated_at timestamptz not null,
  primary key (account, evaluation_id)
);
create index evaluations_by_id on gp.view_evaluations (evaluation_id);
create index evaluations_by_time on gp.view_evaluations (evaluated_at);
create index evaluations_by_post on gp.view_evaluations (candidate_post_id);
create index evaluations_by_tier on gp.view_evaluations (tier, evaluated_at);
