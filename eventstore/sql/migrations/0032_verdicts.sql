-- A verdict per command, with the position of its first event. `h` is the head before the call.
create function gp.verdicts(h gp.head, p gp.arrivals, refusals text[]) returns setof gp.verdict
language plpgsql stable as $$
declare
  commands int[] := p.command; firsts bigint[]; starts int[]; free bigint := h.size; k int;
  v gp.verdict;
begin
  for i in 1..cardinality(commands) loop
    k := commands[i] + 1;
    starts[k] := coalesce(starts[k], i);
    if refusals[k] is null then
      firsts[k] := coalesce(firsts[k], free);
      free := free + 1;
    end if;
  end loop;
  for k in 1..cardinality(refusals) loop
    if refusals[k] = 'same ' then
      firsts[k] := (select l."position" from gp.log l
                    where l.account || '' = h.account and l.event_id = p.event_id[starts[k]]);
    end if;
    v := (k - 1, firsts[k], coalesce(split_part(refusals[k], ' ', 1), 'ok'),
          coalesce(substr(refusals[k], position(' ' in refusals[k]) + 1), ''));
    return next v;
  end loop;
end $$;
