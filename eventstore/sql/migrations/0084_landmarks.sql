-- Rare events that are looked for in the whole log. schema/landmarks.py has the same list.
create index landmarks on gp.log (account, "position") where type in (
  'worker_started', 'worker_stopped', 'settings_changed', 'posting_stopped', 'posting_allowed',
  'posting_success', 'late_confirmed', 'permit_rejected', 'click_blocked', 'click_not_sent',
  'ghost_detected', 'ghost_acknowledged', 'manual_post_attested', 'post_predates_log', 'tree_head');
