-- Empty the body of an event that a payload_erased event names; its hash and leaf stay.
create function gp.erase(p_account text, p_position bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, gp, pg_temp as $$
begin
  update gp.log set body = null, salt = null
    where account = p_account and "position" = p_position and body is not null;
  return found;
end $$;
