select 'superuser', format('the login %s bypasses every rule', current_user),
       'use the login that `ghostproof db migrate` made for the application'
from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)
union all
select 'owner', format('the login %s owns the log and could change it', current_user),
       'use the application''s login, or set single_role = true and live with it'
where (select pg_has_role(relowner, 'member') from pg_class where oid = 'gp.log'::regclass)
union all
select 'setting', format('%s is off, a crash could lose a click attempt', name),
       format('set %s = on on the server', name)
from pg_settings
where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
union all
select 'encoding', 'the database is not UTF8', 'create it with encoding UTF8'
where current_setting('server_encoding') <> 'UTF8'
union all
select 'trigger', format('the trigger %s of the log is not ALWAYS', n.name),
       'run `ghostproof db migrate`, then find out who changed it'
from (values ('append_only'), ('append_only_whole')) as n(name)
where not exists (select from pg_trigger t where t.tgrelid = 'gp.log'::regclass
                    and t.tgname = n.name and t.tgenabled = 'A')
union all
select 'constraint', format('the constraint %s of the log is gone', n.name),
       'restore the database''s schema, then run `ghostproof audit`'
from (values ('law'), ('antecedent'), ('event_id_once'), ('leaf_fits'), ('body_hash_fits'),
             ('spends_earlier'), ('permit_named')) as n(name)
where not exists (select from pg_constraint c where c.conrelid = 'gp.log'::regclass
                    and c.conname = n.name and c.convalidated)
union all
select 'index', format('the index %s of the log is gone', n.name),
       'restore the database''s schema, then run `ghostproof audit`'
from (values ('spent_once'), ('created_once'), ('posted_once'), ('ended_once')) as n(name)
where not exists (select from pg_index i where i.indexrelid = to_regclass('gp.' || n.name)
                    and i.indisunique and i.indisvalid)
union all
select 'shorter', format('the log of %s has %s events, but %s had read up to position %s',
                         h.account, h.size, c.consumer, c."position"),
       'the log was cut or an old backup restored: do not post; go through docs/operations.md, "Backup and restore"'
from gp.checkpoint c join gp.head h using (account) where c."position" >= h.size
union all
select 'head', format('the log of %s ends at position %s, its head says %s events',
                      h.account, coalesce(l.last, -1), h.size),
       'run `ghostproof audit`'
from gp.head h left join lateral (
  select max("position") as last from gp.log where account = h.account) l on true
where coalesce(l.last, -1) <> h.size - 1
