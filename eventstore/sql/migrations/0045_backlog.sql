-- How many orders wait or are at work in each queue.
create function gp.backlog() returns table (queue text, orders bigint)
language plpgsql stable security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  for queue in select distinct r.queue from gp.route r order by 1 loop
    execute format('select count(*) from pgmq.%I', 'q_' || lower(queue)) into orders;
    return next;
  end loop;
end $$;
