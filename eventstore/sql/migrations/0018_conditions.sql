-- "Append this command only if nothing of these types is in this trace after this position", as
-- parallel arrays; `types` is separated by commas.
create type gp.conditions as (command int[], trace uuid[], after bigint[], types text[]);
