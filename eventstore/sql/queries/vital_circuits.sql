-- accounts whose circuit opened and did not close since; the trace is the circuit's own
select h.account, l.type = 'circuit_opened'
from gp.head h
cross join lateral (
  select type from gp.log
  where account = h.account and trace = %(circuit)s
    and type in ('circuit_opened', 'circuit_closed')
  order by "position" desc limit 1) as l
