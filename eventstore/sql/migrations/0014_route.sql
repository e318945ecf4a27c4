-- Order type -> the work queue whose performer carries it out.
create table gp.route (type text primary key, queue text not null);
insert into gp.route (type, queue) values
  ('fetch_started', 'fetch'),
  ('judgement_requested', 'judge'),
  ('draft_requested', 'draft'),
  ('click_ordered', 'click'),
  ('profile_read_ordered', 'profile');
