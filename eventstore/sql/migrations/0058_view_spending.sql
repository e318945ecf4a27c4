-- Read model: one row per call to the model. Columns are the fields of projectors/spending.py.
create table gp.view_spending (
  account text not null,
  reservation_id uuid not null,
  purpose text not null,
  request_id text not null,
  model text not null,
  prompt_tokens int not null,
  completion_tokens int not null,
  reserved_usd numeric not null,
  cost_usd numeric not null,
  latency_ms int not null,
  status text not null,
  reserved_at timestamptz not null,
  ended_at timestamptz,
  primary key (account, reservation_id)
);
