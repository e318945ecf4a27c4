-- What migrations themselves stand on: which files were applied, with the checksum they had.
create table if not exists gp.migration (
  number int primary key,
  name text not null unique,
  checksum text not null,
  git_sha text not null,
  applied_at timestamptz not null default clock_timestamp()
);
