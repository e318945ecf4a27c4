select * from gp.log
where account = %(account)s and "position" > %(after)s
  and type || '' = any(%(types)s::text[])
  -- the list of the index `landmarks`, word by word: this is how the planner knows that it fits
  and type in (
    'worker_started', 'worker_stopped', 'settings_changed', 'posting_stopped',
    'posting_allowed', 'posting_success', 'late_confirmed', 'permit_rejected', 'click_blocked',
    'click_not_sent', 'ghost_detected', 'ghost_acknowledged', 'manual_post_attested',
    'post_predates_log', 'tree_head')
order by "position" limit %(limit)s
