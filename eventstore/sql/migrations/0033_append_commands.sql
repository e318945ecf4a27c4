-- The one way into the log: lock the head, judge, write, move the head, route, wake.
-- READ COMMITTED: the head is read after the lock, so each call sees what the last one wrote.
-- A click attempt is durable when the call returns, whatever the session says.
create function gp.append_commands(p_account text, p gp.arrivals, c gp.conditions)
returns setof gp.verdict
language plpgsql as $$
declare
  h gp.head; moment timestamptz; refusals text[]; refused int[] := '{}'; written bigint;
begin
  select * into h from gp.head where account = p_account for update;
  if not found then
    raise exception 'no account %', p_account using errcode = 'GP404';
  end if;
  moment := greatest(clock_timestamp(), h.last_at);
  refusals := gp.judge(h, moment, p, c);
  if array_remove(refusals, null) <> '{}' then
    refused := array(select o - 1 from generate_subscripts(refusals, 1) o where refusals[o] is not null);
  end if;
  if 'click_attempt' = any(p.type) then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  written := gp.write(h, moment, p, refused);
  if written > 0 then
    if p.type && (select array_agg(type) from gp.route) then
      perform gp.route_orders(h, p, refused);
    end if;
    if p.type && array['posting_stopped', 'posting_allowed', 'caps_set'] then
      h := gp.heed(h, p, refused);
    end if;
    update gp.head set size = h.size + written, last_at = moment, stops = h.stops,
        clicks_per_hour = h.clicks_per_hour, clicks_per_day = h.clicks_per_day,
        clicks_per_author_per_day = h.clicks_per_author_per_day, gap_s = h.gap_s
      where account = p_account;
    perform pg_notify('ghostproof', p_account);
  end if;
  return query select * from gp.verdicts(h, p, refusals);
end $$;
