-- Read model: the latest proof rollup. Columns are the fields of projectors/proof.py.
create table gp.view_proof (
  account text not null,
  which text not null,
  rolled_up_at timestamptz not null,
  fetch_started_15m int not null,
  fetch_completed_15m int not null,
  queue_size int not null,
  scheduler_started_60m int not null,
  permits_created_60m int not null,
  permits_used_60m int not null,
  posted_tweet_ids_last_2h jsonb not null,
  new_ghosts_last_2h int not null,
  unknown_outcomes int not null,
  last_error_event text,
  running_sha text not null,
  log_position bigint not null,
  log_root_hash text,
  primary key (account, which)
);
