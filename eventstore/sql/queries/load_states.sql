select s.fold, s.key, s.state
from gp.handler_state s
join unnest(%(folds)s::text[], %(keys)s::text[]) as k(fold, key) using (fold, key)
where s.handler = %(handler)s and s.account = %(account)s
