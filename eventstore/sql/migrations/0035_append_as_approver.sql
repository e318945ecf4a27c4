-- Append as the approver: everything except a click attempt, so that no role both approves and
-- clicks. Not a list of verdicts, because the approving handler says what follows from them too.
create function gp.append_as_approver(p_account text, p gp.arrivals, c gp.conditions)
returns setof gp.verdict
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_bitmapscan = off set jit = off as $$
begin
  if 'click_attempt' = any(p.type) then
    raise exception 'the approver does not click' using errcode = 'GP005';
  end if;
  return query select * from gp.append_commands(p_account, p, c);
end $$;
