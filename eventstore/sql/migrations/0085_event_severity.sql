-- How bad an event is, with what later builds say. schema/severity.py says the same. The index of
-- what was bad is built on it.
create or replace function gp.event_severity(type text, body bytea) returns text
language plpgsql immutable parallel safe as $$
begin
  return case
    when type in ('click_blocked', 'ghost_detected') then 'critical'
    when type in ('fetch_failed', 'slot_failed', 'unhandled_exception', 'message_parked',
                  'posting_failed', 'outcome_abandoned', 'site_challenged',
                  'late_click_detected') then 'error'
    when type in ('source_failed', 'source_timed_out', 'outcome_unknown', 'profile_read_failed',
                  'judgement_failed', 'draft_failed', 'post_disappeared', 'clock_stepped',
                  'clock_skewed', 'alert_undelivered') then 'warning'
    when type = 'alert_raised' then
      coalesce(convert_from(body, 'UTF8')::jsonb ->> 'severity', 'info')
    when type = 'permit_rejected'
      and convert_from(body, 'UTF8')::jsonb ->> 'reason_code' = 'invalid_pipeline_source'
      then 'critical'
    else 'info' end;
end $$;
reindex index gp.log_by_fault;
