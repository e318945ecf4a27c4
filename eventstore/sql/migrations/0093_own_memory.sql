-- What the approver remembers, and how far it has read, is changed by nobody but who may approve:
-- the application could else make it forget a reply that was sent, or a stop.
create function gp.own_memory() returns trigger
language plpgsql set search_path = pg_catalog, gp, pg_temp as $$
begin
  if not has_function_privilege('gp.append_as_approver(text, gp.arrivals, gp.conditions)', 'execute') then
    raise exception 'what the approver remembers is its own' using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end $$;
create trigger own_memory_new before insert or update on gp.handler_state
  for each row when (new.handler = 'approver') execute function gp.own_memory();
create trigger own_memory_old before update or delete on gp.handler_state
  for each row when (old.handler = 'approver') execute function gp.own_memory();
create trigger own_memory_new before insert or update on gp.checkpoint
  for each row when (new.consumer = 'approver') execute function gp.own_memory();
create trigger own_memory_old before update or delete on gp.checkpoint
  for each row when (old.consumer = 'approver') execute function gp.own_memory();
