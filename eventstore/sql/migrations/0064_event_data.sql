-- An event's fields by their names; an operator's own name for one is added beside it. Null once
-- the body is erased.
create function gp.event_data(type text, body bytea) returns jsonb
language plpgsql immutable parallel safe as $$
declare
  fields jsonb := convert_from(body, 'UTF8')::jsonb - 'type';
begin
  if type in ('scheduler_started', 'slot_closed', 'slot_failed') then
    return fields || jsonb_build_object('slot_time', fields -> 'slot');
  elsif type = 'ghost_detected' then
    return fields || jsonb_build_object(
      'tweet_id', fields -> 'posted_id', 'detection_time', fields -> 'detected_at');
  elsif fields ? 'posted_id' then
    return fields || jsonb_build_object('tweet_id', fields -> 'posted_id');
  end if;
  return fields;
end $$;
