-- Append as the application: the rules in force are an approver's word, for they say who approves.
create or replace function gp.append(p_account text, p gp.arrivals, c gp.conditions)
returns setof gp.verdict
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp
set plan_cache_mode = force_generic_plan set enable_seqscan = off
set enable_bitmapscan = off set jit = off as $$
begin
  if p.type && array['permit_approved', 'permit_rejected', 'caps_set', 'ghost_acknowledged',
                     'manual_post_attested', 'rules_signed', 'settings_changed'] then
    raise exception 'only the approver says that' using errcode = 'GP005';
  end if;
  if 'posting_allowed' = any(p.type) and exists (
      select 1 from unnest(p.type, p.body) as a(type, body)
      where case when a.type = 'posting_allowed' then gp.stop_hold(a.body) ~ '^logged' end) then
    raise exception 'only the approver ends a logged stop' using errcode = 'GP005';
  end if;
  return query select * from gp.append_commands(p_account, p, c);
end $$;
