-- Alerts are orders: somebody outside is told.
insert into gp.route (type, queue) values ('alert_raised', 'alert'), ('alert_cleared', 'alert');
