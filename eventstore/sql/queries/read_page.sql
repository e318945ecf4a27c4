select * from gp.log
where account = %(account)s and "position" > %(after)s
  -- || '' keeps the type out of index conditions: the primary key alone gives the order
  and (%(types)s::text[] is null or type || '' = any(%(types)s::text[]))
order by "position" limit %(limit)s
