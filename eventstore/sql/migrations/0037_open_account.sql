-- Make an empty log for an account; nothing happens if it is there.
create function gp.open_account(p_account text) returns void
language sql security definer set search_path = pg_catalog, gp, pg_temp
begin atomic
  insert into gp.head (account) values (p_account) on conflict do nothing;
end;
