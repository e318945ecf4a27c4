-- offset 0: the trace is found first and put in order then, not looked for in the whole log
select * from (
  select * from gp.log where account = %(account)s and trace = %(trace)s offset 0) t
where "position" > %(after)s
  and (%(types)s::text[] is null or type = any(%(types)s::text[]))
order by "position" limit %(limit)s
