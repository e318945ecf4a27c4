-- Read model: one row per decision whose post was read again. Columns: projectors/outcomes.py.
create table gp.view_outcomes (
  account text not null,
  decision_id uuid not null,
  posted_id text not null,
  simulated boolean not null,
  impressions int,
  likes int,
  replies int,
  er double precision,
  reason text,
  collected_at timestamptz not null,
  primary key (account, decision_id)
);
