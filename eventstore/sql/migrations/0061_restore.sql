-- Send orders of one account that have no message in their queue; returns how many per queue. Null
-- when the log does not end at `p_size` (null: anywhere), for then an order may have ended since.
-- Under the head's lock nothing is appended, so no order ends between the look and the sending: a
-- worker that is closing one waits for the lock, and its message still counts as there.
create function gp.restore(p_account text, p_size bigint, p_queues text[], p_positions bigint[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
declare
  size_now bigint; q text; orders jsonb[]; sent jsonb := '{}';
begin
  select h.size into size_now from gp.head h where h.account = p_account for update;
  if p_size <> size_now then
    return null;
  end if;
  for q in select distinct o.queue from unnest(p_queues) as o(queue) order by 1 loop
    execute format('select array(
        select jsonb_build_object(''account'', $1, ''position'', o."position")
        from unnest($2, $3) as o(queue, "position")
        where o.queue = $4 and not exists (select from pgmq.%I m
          where m.message ->> ''account'' = $1 and (m.message ->> ''position'')::bigint = o."position")
        order by o."position")', 'q_' || lower(q))
      into orders using p_account, p_queues, p_positions, q;
    if cardinality(orders) > 0 then
      perform pgmq.send_batch(q, orders);
      sent := sent || jsonb_build_object(q, cardinality(orders));
    end if;
  end loop;
  return sent;
end $$;
