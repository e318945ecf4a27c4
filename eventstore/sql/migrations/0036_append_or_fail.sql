-- Append one event by hand, from psql, and get its position; a refusal is an error with our
-- SQLSTATE. The caller's own rights count: it goes through whichever append the role may call.
--   select gp.append_or_fail('me', 'posting_stopped', '{"source": "logged", "why": "…", "by": "…"}');
create function gp.append_or_fail(
  p_account text, p_type text, p_body jsonb, p_event_id uuid default gen_random_uuid(),
  p_trace uuid default null, p_cause uuid default null, p_actor text default session_user
) returns bigint
language plpgsql set search_path = pg_catalog, gp, pg_temp as $$
declare
  body jsonb := jsonb_build_object('type', p_type) || p_body;
  p gp.arrivals; v gp.verdict;
begin
  p := row(array[0], array[p_actor], array[p_event_id], array[p_type], array[1],
    array[coalesce(p_trace, (body ->> 'candidate_id')::uuid, (body ->> 'decision_id')::uuid)],
    array[p_cause], array[p_cause], array[convert_to(body::text, 'UTF8')],
    array[(body ->> 'permit_id')::uuid], array[(body ->> 'spends')::uuid],
    array[body ->> 'posted_id'], array[decode(body ->> 'text_hash', 'hex')],
    array[body ->> 'target_post_id'], array[body ->> 'target_author'],
    array[(body ->> 'ttl_s')::int]);
  if has_function_privilege('gp.append(text, gp.arrivals, gp.conditions)', 'execute') then
    select * into v from gp.append(p_account, p, null);
  else
    select * into v from gp.append_as_approver(p_account, p, null);
  end if;
  if v.code not in ('ok', 'same') then
    raise exception '%', v.reason using errcode = v.code;
  end if;
  return v."position";
end $$;
