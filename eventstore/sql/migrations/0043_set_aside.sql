-- Archive the message of an order that nobody can finish; false when the lease was lost.
create function gp.set_aside(p_queue text, p_message_id bigint, p_reads int) returns boolean
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  return gp.hold(p_queue, p_message_id, p_reads) and pgmq.archive(p_queue, p_message_id);
end $$;
