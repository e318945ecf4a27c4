-- Foreign keys also hold under session_replication_role = replica; only a superuser may say so.
do $$
declare
  name text;
begin
  for name in select tgname from pg_trigger where tgrelid = 'gp.log'::regclass and tgisinternal
                and tgenabled <> 'A' loop
    execute format('alter table gp.log enable always trigger %I', name);
  end loop;
end $$;
