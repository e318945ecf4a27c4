-- Whether something of these types is in the trace after the position.
create function gp.stale(p_account text, p_trace uuid, p_after bigint, p_types text) returns boolean
language sql stable
return exists (
  select 1 from gp.log
  where account = p_account and trace = p_trace and "position" > p_after
    and type = any(string_to_array(p_types, ',')));
