-- One text per command of the call: null = it stands, `same`, or our SQLSTATE and the reason.
-- A click attempt comes alone in its call, so that nothing beside it changes what it is judged by.
create function gp.judge(h gp.head, p_at timestamptz, p gp.arrivals, c gp.conditions) returns text[]
language plpgsql stable as $$
declare
  refusals text[] := gp.recognise(h.account, p);
  e gp.arrival; why text; at_command int; spent uuid[] := '{}'; spent_by int[] := '{}';
begin
  for i in 1..coalesce(cardinality(c.command), 0) loop
    at_command := c.command[i] + 1;
    if refusals[at_command] is null and gp.stale(h.account, c.trace[i], c.after[i], c.types[i]) then
      refusals[at_command] := 'GP003 something newer is in the trace';
    end if;
  end loop;
  if not p.type && gp.law_types() then
    return refusals;
  end if;
  for e in
    select a.ordinal, a.command, a.event_id, a.type, a.trace, a.permit, a.spends, a.posted_id,
           a.text_hash, a.target, a.target_author
    from unnest(p.command, p.event_id, p.type, p.trace, p.permit, p.spends, p.posted_id,
                p.text_hash, p.target, p.target_author) with ordinality
      as a(command, event_id, type, trace, permit, spends, posted_id, text_hash, target,
           target_author, ordinal)
    where a.type = any(gp.law_types()) order by a.ordinal
  loop
    continue when refusals[e.command + 1] is not null;
    why := gp.refusal(h, p_at, e, p, refusals);
    if why is null and exists (select 1 from unnest(spent, spent_by) as s(id, command)
                               where s.id = e.spends and refusals[s.command + 1] is null) then
      why := 'GP013 already spent';
    end if;
    if why is null and e.type = 'click_attempt' and cardinality(p.event_id) > 1 then
      why := 'GP025 a click attempt comes alone in its call';
    end if;
    refusals[e.command + 1] := why;
    spent := spent || e.spends;
    spent_by := spent_by || e.command;
  end loop;
  return refusals;
end $$;
