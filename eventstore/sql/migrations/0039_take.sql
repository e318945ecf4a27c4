-- Lease the next order of a queue. Only columns that every pgmq from 1.4 has are named.
create function gp.take(p_queue text, p_lease_s int)
returns table (message_id bigint, reads int, account text, "position" bigint)
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  return query
    select m.msg_id, m.read_ct, m.message ->> 'account', (m.message ->> 'position')::bigint
    from pgmq.read(p_queue, p_lease_s, 1) m;
end $$;
