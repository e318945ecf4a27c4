-- Put the orders among the events that stand into their work queues, as pointers into the log.
create function gp.route_orders(h gp.head, p gp.arrivals, refused int[]) returns void
language plpgsql as $$
declare
  r record;
begin
  for r in
    select t.queue, array_agg(jsonb_build_object('account', h.account, 'position',
                                                 h.size + a.ordinal - 1) order by a.ordinal) as orders
    from (select u.type, row_number() over () as ordinal
          from unnest(p.command, p.type) as u(command, type)
          where u.command <> all(refused)) a
    join gp.route t on t.type = a.type group by t.queue
  loop
    perform pgmq.send_batch(r.queue, r.orders);
  end loop;
end $$;
