-- The name by which operators know an event: theirs where they have one, else its own tag. Part of
-- an index, so a change of it needs that index built again.
create function gp.event_name(type text, target text, body bytea) returns text
language plpgsql immutable parallel safe as $$
begin
  return case type
    when 'fetch_started' then 'reply_v2_fetch_job_started'
    when 'fetch_completed' then 'reply_v2_fetch_job_completed'
    when 'fetch_failed' then 'reply_v2_fetch_job_failed'
    when 'full_cycle_completed' then 'reply_v2_full_cycle_completed'
    when 'scheduler_started' then 'reply_v2_scheduler_job_started'
    when 'probe_started' then 'reply_v2_probe_started'
    when 'probe_completed' then 'reply_v2_probe_result'
    when 'proof_rolled_up' then 'production_proof_rollup'
    when 'worker_started' then 'production_watchdog_boot'
    when 'watchdog_reported' then 'production_watchdog_report'
    -- an original post answers nobody
    when 'click_attempt' then
      case when target is null then type else 'post_reply_click_attempt' end
    when 'permit_rejected' then
      case convert_from(body, 'UTF8')::jsonb ->> 'reason_code'
        when 'invalid_pipeline_source' then 'permit_rejected_invalid_pipeline_source'
        when 'target_not_root' then 'permit_rejected_target_not_root'
        else type end
    when 'migration_applied' then
      coalesce('migration_' || (convert_from(body, 'UTF8')::jsonb ->> 'name') || '_applied', type)
    else type end;
end $$;
