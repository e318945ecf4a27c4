select h.size, p.events
from gp.head h, lateral (
  select '[' || string_agg(
    '[' || l."position" || ',"' || l.event_id || '","' || l.trace || '",'
    || to_json(l.recorded_at) || ',"' || l.type || '",' || coalesce(l.cause::text, 'null') || ','
    || to_json(l.actor) || ',' || l.version || ',' || coalesce(l.spends::text, 'null') || ','
    || coalesce(to_json(l.expires_at)::text, 'null') || ','
    || coalesce(convert_from(l.body, 'UTF8'), 'null') || ']',
    ',' order by l."position") || ']' as events
  from (
    select * from gp.log
    where account = %(account)s and "position" > %(after)s
      and type || '' = any(%(types)s::text[])
      -- the list of the index `landmarks`, word by word: this is how the planner knows that it fits
      and type in (
        'worker_started', 'worker_stopped', 'settings_changed', 'posting_stopped',
        'posting_allowed', 'posting_success', 'late_confirmed', 'permit_rejected', 'click_blocked',
        'click_not_sent', 'ghost_detected', 'ghost_acknowledged', 'manual_post_attested',
        'post_predates_log', 'tree_head')
    order by "position" limit %(limit)s) l
) p
where h.account = %(account)s
