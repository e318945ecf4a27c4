-- what there is of each kind, by account and state, from the read models
select 'permits', account, status, count(*) from gp.view_permits group by account, status
union all
select 'queue', account, status, count(*) from gp.view_queue
where status = 'queued' and expires_at > clock_timestamp() group by account, status
union all
select 'ghosts', account, state, count(*)
from gp.view_ghosts
cross join lateral (select case when attested then 'attested'
                                when acknowledged_at is not null then 'acknowledged'
                                else 'open' end) as s(state)
group by account, state
union all
select 'alerts', account, severity, count(*) from gp.view_alerts
where status <> 'cleared' group by account, severity
union all
select 'parked', account, 'parked', count(*) from gp.view_alerts
where status <> 'cleared' and alert = 'work_parked' group by account
union all
select 'proof', account, 'age_s', extract(epoch from clock_timestamp() - rolled_up_at)::bigint
from gp.view_proof
