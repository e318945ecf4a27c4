-- one stretch of a log, counted by type; some types also by what their bodies say
select type, facet, count(*),
       coalesce(sum((said ->> 'prompt_tokens')::bigint), 0)::bigint,
       coalesce(sum((said ->> 'completion_tokens')::bigint), 0)::bigint,
       coalesce(sum((said ->> 'cost_usd')::numeric), 0)
from gp.log
cross join lateral (
  select case when type in ('model_called', 'permit_rejected', 'click_blocked')
              then convert_from(body, 'UTF8')::jsonb end) as b(said)
cross join lateral (
  select case type
    when 'model_called' then array[said ->> 'purpose', said ->> 'outcome']
    when 'permit_rejected' then array[said ->> 'reason_code']
    when 'click_blocked' then array[said ->> 'code'] end) as f(facet)
where account = %(account)s and "position" > %(after)s and "position" <= %(upto)s
group by type, facet
