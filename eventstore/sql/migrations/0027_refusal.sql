-- Why this event may not stand; null = it may. Under the head's lock. What it spends may be in the
-- log or earlier in the same call, among commands not refused.
create function gp.refusal(
  h gp.head, p_at timestamptz, e gp.arrival, p gp.arrivals, refusals text[]
) returns text
language plpgsql stable as $$
declare
  spent gp.log; near record; why text;
begin
  if e.type = 'permit_created' then
    return case when exists (select 1 from gp.log where account = h.account and type = 'permit_created'
                               and permit = e.permit) then 'GP015 the permit was created before' end;
  end if;
  if e.spends is null or e.permit is null then
    return format('GP010 %s names nothing that it spends', e.type);
  end if;
  select * into spent from gp.log where account || '' = h.account and event_id = e.spends;
  if not found then
    select a.type, a.trace, a.permit into near
      from unnest(p.command, p.event_id, p.type, p.trace, p.permit)
        with ordinality as a(command, event_id, type, trace, permit, ordinal)
      where a.event_id = e.spends and a.ordinal < e.ordinal and refusals[a.command + 1] is null;
    return gp.chain_refusal(e, near.type, near.trace, near.permit);
  end if;
  why := gp.chain_refusal(e, spent.type, spent.trace, spent.permit);
  if why is null and exists (
      select 1 from gp.log where account = h.account and spends = spent."position") then
    why := 'GP013 already spent';
  end if;
  if why is null and e.type = 'click_attempt' then
    why := gp.click_refusal(h, p_at, spent, e.text_hash, e.target, e.target_author);
  end if;
  if why is null and e.type in ('posting_success', 'late_confirmed') and exists (
      select 1 from gp.log where account = h.account and posted_id = e.posted_id
        and type in ('posting_success', 'late_confirmed')) then
    why := 'GP017 the post is explained already';
  end if;
  return why;
end $$;
