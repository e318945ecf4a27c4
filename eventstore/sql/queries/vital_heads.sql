select account, size, extract(epoch from clock_timestamp() - nullif(last_at, '-infinity'))::float8,
       stops
from gp.head order by account
