update gp.checkpoint set "position" = %(position)s
where consumer = %(consumer)s and account = %(account)s
