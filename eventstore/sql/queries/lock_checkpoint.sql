select "position" from gp.checkpoint
where consumer = %(consumer)s and account = %(account)s
for update skip locked
