-- The numbers of a post are read on order.
insert into gp.route (type, queue) values ('metrics_ordered', 'metrics');
