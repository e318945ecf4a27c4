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
      -- || '' keeps the type out of index conditions: the primary key alone gives the order
      and (%(types)s::text[] is null or type || '' = any(%(types)s::text[]))
    order by "position" limit %(limit)s) l
) p
where h.account = %(account)s
