select c.consumer, greatest(h.size - 1 - c."position", 0)
from gp.checkpoint c join gp.head h using (account)
where account = %(account)s order by c.consumer
