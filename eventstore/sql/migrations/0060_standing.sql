-- How each queue stands: orders that wait, orders leased to a worker, since when the oldest is there.
create function gp.standing()
returns table (queue text, waiting bigint, in_flight bigint, oldest timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  for queue in select distinct r.queue from gp.route r order by 1 loop
    execute format('select count(*) filter (where vt <= clock_timestamp()),
                           count(*) filter (where vt > clock_timestamp()), min(enqueued_at)
                    from pgmq.%I', 'q_' || lower(queue))
      into waiting, in_flight, oldest;
    return next;
  end loop;
end $$;
