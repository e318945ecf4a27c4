-- What a handler's folds remember, by key. A state equal to the fold's initial one has no row.
create table gp.handler_state (
  handler text not null,
  account text not null,
  fold text not null,
  key text not null,
  state bytea not null,
  primary key (handler, account, fold, key)
) with (fillfactor = 70);
