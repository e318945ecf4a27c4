-- How bad an event is: info, warning, error or critical. schema/severity.py says the same.
create function gp.event_severity(type text, body bytea) returns text
language plpgsql immutable parallel safe as $$
begin
  return case
    when type in ('click_blocked', 'ghost_detected') then 'critical'
    when type in ('fetch_failed', 'slot_failed', 'unhandled_exception', 'message_parked',
                  'posting_failed', 'outcome_abandoned') then 'error'
    when type in ('source_failed', 'source_timed_out', 'outcome_unknown', 'profile_read_failed',
                  'judgement_failed', 'draft_failed', 'post_disappeared', 'clock_stepped',
                  'alert_undelivered') then 'warning'
    when type = 'alert_raised' then
      coalesce(convert_from(body, 'UTF8')::jsonb ->> 'severity', 'info')
    when type = 'permit_rejected'
      and convert_from(body, 'UTF8')::jsonb ->> 'reason_code' = 'invalid_pipeline_source'
      then 'critical'
    else 'info' end;
end $$;
