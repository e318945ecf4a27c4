-- The hold on the kill switch that a posting_stopped or posting_allowed names: who put it on, and
-- for a flag or a file at which worker. Refused unless it is one of these, because a hold is joined
-- of two parts and other parts could join to the logged one.
create function gp.stop_hold(p_body bytea) returns text
language plpgsql immutable parallel safe as $$
declare
  body jsonb := convert_from(p_body, 'UTF8')::jsonb;
begin
  if coalesce(body ->> 'source', '') not in ('logged', 'flag', 'file')
     or body ->> 'held_by' !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    raise exception 'a stop is logged, or a flag or a file that one worker sees' using errcode = 'GP018';
  end if;
  return concat_ws(':', body ->> 'source', body ->> 'held_by');
end $$;
