-- How far each consumer (handler, or view by its table's name) has read each log.
create table gp.checkpoint (
  consumer text not null,
  account text not null,
  "position" bigint not null default -1,
  primary key (consumer, account)
) with (fillfactor = 50);
