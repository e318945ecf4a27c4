-- the rows of one of the `read_*` queries as one JSON text, with the size of the log
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
    {rows}) l
) p
where h.account = %(account)s
