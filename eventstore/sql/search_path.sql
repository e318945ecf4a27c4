-- The operators' views are found by their bare names, whoever connects; run after every migration.
-- Where this login does not own the database, it can say so for itself alone.
do $$
declare
  path text := (
    select substr(c, length('search_path=') + 1)
    from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c
    where d.datname = current_database() and s.setrole = 0 and c like 'search\_path=%');
begin
  if coalesce(path, '') !~ '\moperators\M' then
    execute format('alter database %I set search_path = operators, %s',
                   current_database(), coalesce(path, '"$user", public'));
  end if;
exception when insufficient_privilege then
  execute format('alter role current_user in database %I set search_path = operators, "$user", public',
                 current_database());
end $$;
