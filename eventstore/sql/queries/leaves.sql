select leaf from gp.log
where account = %(account)s and "position" > %(after)s
order by "position" limit %(limit)s
