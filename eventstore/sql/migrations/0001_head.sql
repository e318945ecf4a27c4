-- One row per account: the log's length, its last time, and what the law must know at a click.
-- The append function locks it, so that commit order is position order.
create table gp.head (
  account text primary key,
  size bigint not null default 0,
  last_at timestamptz not null default '-infinity',
  stops text[] not null default '{}',
  clicks_per_hour int not null default 4,
  clicks_per_day int not null default 40,
  clicks_per_author_per_day int not null default 1,
  gap_s int not null default 300,
  constraint caps_count check (
    clicks_per_hour >= 0 and clicks_per_day >= 0 and clicks_per_author_per_day >= 0 and gap_s >= 0),
  constraint account_is_a_name check (length(account) between 1 and 300 and account !~ '[\u0001-\u001f\u007f]')
) with (fillfactor = 50);
