-- Let the head follow the kill switch and the caps, as the events that stand say. The bodies are
-- read here because these events are rare and the head must not trust a second copy. A flag or a
-- file is held by each worker that sees it, and one worker takes back no other's hold.
create or replace function gp.heed(h gp.head, p gp.arrivals, refused int[]) returns gp.head
language plpgsql stable as $$
declare
  r record; caps jsonb; hold text;
begin
  for r in
    select a.type, a.body
    from unnest(p.command, p.type, p.body) with ordinality as a(command, type, body, ordinal)
    where a.type in ('posting_stopped', 'posting_allowed', 'caps_set')
      and a.command <> all(refused) order by a.ordinal
  loop
    if r.type = 'caps_set' then
      caps := convert_from(r.body, 'UTF8')::jsonb;
      h.clicks_per_hour := caps ->> 'clicks_per_hour';
      h.clicks_per_day := caps ->> 'clicks_per_day';
      h.clicks_per_author_per_day := caps ->> 'clicks_per_author_per_day';
      h.gap_s := caps ->> 'gap_s';
    else
      hold := gp.stop_hold(r.body);
      h.stops := array_remove(h.stops, hold);
      if r.type = 'posting_stopped' then
        h.stops := h.stops || hold;
      end if;
    end if;
  end loop;
  return h;
end $$;
