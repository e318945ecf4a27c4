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
    -- offset 0: the trace is found first and put in order then, not looked for in the whole log
    select * from (
      select * from gp.log where account = %(account)s and trace = %(trace)s offset 0) t
    where "position" > %(after)s
      and (%(types)s::text[] is null or type = any(%(types)s::text[]))
    order by "position" limit %(limit)s) l
) p
where h.account = %(account)s
