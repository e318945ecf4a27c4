-- Why a click attempt may not stand on this approval now; null = it may. Under the head's lock.
-- A stop ends the approvals before it, also one that is over before anybody revoked them. The target
-- is compared with the creation's and with the approval's: the approver vouches for what it read.
create or replace function gp.click_refusal(
  h gp.head, p_at timestamptz, p_approval gp.log, p_text_hash bytea, p_target text, p_author text
) returns text
language plpgsql stable as $$
declare
  accepted bytea; created gp.log;
begin
  if cardinality(h.stops) > 0 then
    return format('GP020 the kill switch is on (%s)', array_to_string(h.stops, ', '));
  end if;
  if exists (select from gp.log where account = h.account and type = 'posting_stopped'
             and "position" > p_approval."position") then
    return 'GP020 the permit was approved before a stop';
  end if;
  if p_approval.expires_at <= p_at then
    return format('GP021 the permit expired at %s', p_approval.expires_at);
  end if;
  -- not `order by … limit 1`, which invites a walk back through the whole account
  select (array_agg(text_hash order by "position" desc))[1] into accepted from gp.log
    where account = h.account and trace = p_approval.trace and permit = p_approval.permit
      and type = 'draft_accepted';
  if accepted is distinct from p_text_hash
     or p_approval.text_hash <> p_text_hash then
    return 'GP022 another text than the accepted draft';
  end if;
  select * into created from gp.log
    where account = h.account and "position" = p_approval.spends;
  if created.target is distinct from p_target
     or p_approval.target is distinct from p_target
     or created.target_author is distinct from p_author then
    return 'GP024 another target than the permit''s';
  end if;
  return gp.cap_refusal(h, p_at, p_author);
end $$;
