insert into gp.handler_state (handler, account, fold, key, state)
select %(handler)s, %(account)s, s.fold, s.key, s.state
from unnest(%(folds)s::text[], %(keys)s::text[], %(states)b::bytea[]) as s(fold, key, state)
on conflict (handler, account, fold, key) do update set state = excluded.state
