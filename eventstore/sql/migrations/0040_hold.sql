-- Whether the lease still holds; if so nobody else takes the order until this transaction ends.
-- An expired lease may be taken again, which raises read_ct: that is the fence.
create function gp.hold(p_queue text, p_message_id bigint, p_reads int) returns boolean
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
declare
  held int;
begin
  execute format('select 1 from pgmq.%I where msg_id = $1 and read_ct = $2 for update',
                 'q_' || lower(p_queue))
    into held using p_message_id, p_reads;
  return held is not null;
end $$;
