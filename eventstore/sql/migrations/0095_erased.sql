-- Whether a payload_erased event names this position. Compared as text: one that names no number
-- must not end the search for every other.
create or replace function gp.erased(p_account text, p_position bigint) returns boolean
language sql stable
return exists (
  select 1 from gp.log
  where account = p_account and type = 'payload_erased'
    and convert_from(body, 'UTF8')::jsonb ->> 'position' = p_position::text);
