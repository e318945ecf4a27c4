insert into gp.checkpoint (consumer, account) values (%(consumer)s, %(account)s)
on conflict do nothing
returning "position"
