-- Keep a lease longer while it holds.
create function gp.extend(p_queue text, p_message_id bigint, p_reads int, p_lease_s int)
returns boolean
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  if not gp.hold(p_queue, p_message_id, p_reads) then
    return false;
  end if;
  perform pgmq.set_vt(p_queue, p_message_id, p_lease_s);
  return true;
end $$;
