-- Read model: one row per source and style. Columns are the fields of projectors/arms.py.
create table gp.view_arms (
  account text not null,
  arm text not null,
  alpha int not null,
  beta int not null,
  pulls int not null,
  version int not null,
  updated_at timestamptz not null,
  primary key (account, arm)
);
