select c.account, c.consumer, greatest(h.size - 1 - c."position", 0)
from gp.checkpoint c join gp.head h using (account)
order by c.account, c.consumer
