select pg_has_role(relowner, 'member') from pg_class where oid = 'gp.log'::regclass
