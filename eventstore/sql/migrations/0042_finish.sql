-- Delete a finished order's message; false when the lease was lost.
create function gp.finish(p_queue text, p_message_id bigint, p_reads int) returns boolean
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  return gp.hold(p_queue, p_message_id, p_reads) and pgmq.delete(p_queue, p_message_id);
end $$;
