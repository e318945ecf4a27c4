-- Refuse an event that answers one which nobody has; called where its position is looked for.
create function gp.no_cause() returns bigint
language plpgsql as $$
begin
  raise exception 'the cause is not in the log' using errcode = 'GP016';
end $$;
