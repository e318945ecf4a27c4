-- Types that the append function looks at one by one.
create function gp.law_types() returns text[]
language sql immutable parallel safe
return array[
  'permit_created', 'permit_approved', 'permit_rejected', 'permit_expired', 'permit_revoked',
  'click_attempt', 'posting_success', 'click_not_sent', 'click_rejected', 'outcome_unknown',
  'outcome_abandoned', 'late_confirmed'];
