-- Commands that hold an event id which the log has: `same` if all of it is there byte for byte.
-- The probe is `= any` because a join became a hash over the whole log. An erased body matches.
-- Here and wherever an event is found by id, `account || ''` leaves only the index that begins with
-- the id: a plan made while the log was empty would else go through all events of the account.
create function gp.recognise(p_account text, p gp.arrivals) returns text[]
language plpgsql stable as $$
declare
  refusals text[] := array_fill(null::text, array[p.command[cardinality(p.command)] + 1]);
  r record;
begin
  if exists (select 1 from gp.log where account || '' = p_account and event_id = any(p.event_id)) then
    for r in
      select a.command, bool_and(coalesce(l.type = a.type
               and (l.body is null or l.body = a.body), false)) as same
      from unnest(p.command, p.event_id, p.type, p.body) as a(command, event_id, type, body)
      left join lateral (select g.type, g.body from gp.log g
                         where g.account || '' = p_account and g.event_id = a.event_id) l on true
      group by a.command having bool_or(l.type is not null)
    loop
      refusals[r.command + 1] :=
        case when r.same then 'same ' else 'GP002 event id is in the log with other bytes' end;
    end loop;
  end if;
  return refusals;
end $$;
