-- A post on the site is explained by one permit.
create unique index posted_once on gp.log (account, posted_id)
  where type in ('posting_success', 'late_confirmed');
