-- Refuse every change of history, except salt and body to null once an erasure names the position.
create function gp.append_only() returns trigger
language plpgsql set search_path = pg_catalog, gp, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.body is null and new.salt is null
     and gp.erased(old.account, old."position") then
    new.body := old.body;
    new.salt := old.salt;
    if new is not distinct from old then
      new.body := null;
      new.salt := null;
      return new;
    end if;
  end if;
  raise exception 'the log is append-only: % refused', tg_op using errcode = 'GP001';
end $$;
create trigger append_only before update or delete on gp.log
  for each row execute function gp.append_only();
create trigger append_only_whole before truncate on gp.log
  for each statement execute function gp.append_only();
-- ALWAYS: also under session_replication_role = replica
alter table gp.log enable always trigger append_only;
alter table gp.log enable always trigger append_only_whole;
