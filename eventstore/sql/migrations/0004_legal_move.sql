-- The permit's state machine: which event may spend which. Everything else spends nothing.
create function gp.legal_move(type text, spends_type text) returns boolean
language plpgsql immutable parallel safe as $$ begin return case type
  when 'permit_approved'   then spends_type is not distinct from 'permit_created'
  when 'permit_rejected'   then spends_type is not distinct from 'permit_created'
  when 'permit_expired'    then coalesce(spends_type in ('permit_created', 'permit_approved'), false)
  when 'permit_revoked'    then coalesce(spends_type in ('permit_created', 'permit_approved'), false)
  when 'click_attempt'     then spends_type is not distinct from 'permit_approved'
  when 'posting_success'   then coalesce(spends_type in ('click_attempt', 'outcome_unknown'), false)
  when 'click_not_sent'    then spends_type is not distinct from 'click_attempt'
  when 'click_rejected'    then spends_type is not distinct from 'click_attempt'
  when 'outcome_unknown'   then spends_type is not distinct from 'click_attempt'
  when 'outcome_abandoned' then spends_type is not distinct from 'outcome_unknown'
  when 'late_confirmed'    then spends_type is not distinct from 'outcome_abandoned'
  else spends_type is null
end;
end $$;
