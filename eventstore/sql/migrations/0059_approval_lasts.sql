-- An approval ends after it begins, and within a week: nobody remembers longer what was approved.
alter table gp.log add constraint approval_lasts check (
  expires_at >= recorded_at and expires_at <= recorded_at + interval '7 days');
