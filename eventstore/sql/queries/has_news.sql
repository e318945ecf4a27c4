select h.size - 1 > coalesce(c."position", -1)
from gp.head h
left join gp.checkpoint c on c.account = h.account and c.consumer = %(consumer)s
where h.account = %(account)s
