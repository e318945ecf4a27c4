-- Empty a queue and fill it with these orders; queues are disposable, the log is not.
create function gp.refill(p_queue text, p_accounts text[], p_positions bigint[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
declare
  orders jsonb[];
begin
  execute format('delete from pgmq.%I', 'q_' || lower(p_queue));
  orders := array(select jsonb_build_object('account', o.account, 'position', o."position")
                  from unnest(p_accounts, p_positions) with ordinality as o(account, "position", n)
                  order by o.n);
  if cardinality(orders) > 0 then
    perform pgmq.send_batch(p_queue, orders);
  end if;
  return cardinality(orders);
end $$;
