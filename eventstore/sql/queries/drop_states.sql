delete from gp.handler_state s
using unnest(%(folds)s::text[], %(keys)s::text[]) as k(fold, key)
where s.handler = %(handler)s and s.account = %(account)s and s.fold = k.fold and s.key = k.key
