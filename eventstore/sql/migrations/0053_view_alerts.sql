-- Read model: one row per alert and subject. Columns are the fields of projectors/alerts.py.
create table gp.view_alerts (
  account text not null,
  alert_id text not null,
  alert text not null,
  subject text not null,
  severity text not null,
  status text not null,
  message text not null,
  data jsonb not null,
  raised_at timestamptz not null,
  times_raised int not null,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  why text,
  told text not null,
  primary key (account, alert_id)
);
