-- One event of a call that the law looks at.
create type gp.arrival as (
  ordinal bigint, command int, event_id uuid, type text, trace uuid, permit uuid, spends uuid,
  posted_id text, text_hash bytea, target text, target_author text
);
