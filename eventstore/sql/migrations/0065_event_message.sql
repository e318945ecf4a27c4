-- What an event says in words: its own text where it has one, else its name. Null texts and empty
-- ones say nothing.
create function gp.event_message(name text, data jsonb) returns text
language plpgsql immutable parallel safe as $$
begin
  return coalesce(
    nullif(data ->> 'error_message', ''), nullif(data ->> 'message', ''),
    nullif(data ->> 'reason', ''), nullif(data ->> 'why', ''), nullif(data ->> 'detail', ''),
    replace(name, '_', ' '));
end $$;
