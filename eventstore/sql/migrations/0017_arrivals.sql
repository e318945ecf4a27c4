-- The events of one call as parallel arrays, in order. `command` counts from 0 and says which
-- events stand or fall together. `cause` and `spends` are event ids, of the log or of this call;
-- `trace_of` is the event in the log whose trace is taken where `trace` is null. The last six may
-- be null as a whole where no event of the call has such a column.
create type gp.arrivals as (
  command int[], actor text[], event_id uuid[], type text[], version int[],
  trace uuid[], trace_of uuid[], cause uuid[], body bytea[], permit uuid[],
  spends uuid[], posted_id text[], text_hash bytea[], target text[], target_author text[],
  ttl_s int[]
);
