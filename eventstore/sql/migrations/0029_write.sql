-- Give the events that stand their positions and write them; returns how many. Under the head's
-- lock. Causes and spent events are found by id, in the log or else among the events of this call:
-- by scalar lookups, because a join would be planned for a log that is empty or huge.
create function gp.write(h gp.head, p_at timestamptz, p gp.arrivals, refused int[])
returns bigint
language plpgsql as $$
declare
  stood uuid[] := p.event_id; seed bytea := uuid_send(gen_random_uuid()); written bigint;
begin
  if refused <> '{}' then
    stood := array(select a.event_id from unnest(p.command, p.event_id) with ordinality
                     as a(command, event_id, ordinal)
                   where a.command <> all(refused) order by a.ordinal);
  end if;
  insert into gp.log (account, "position", event_id, type, version, trace, cause, recorded_at,
    actor, permit, spends, spends_type, posted_id, text_hash, target, target_author, expires_at,
    salt, body, body_hash, leaf)
  select h.account, "position", event_id, type, version, trace, cause, p_at, actor, permit, spends,
    spends_type, posted_id, text_hash, target, target_author, expires_at, salt, body,
    sha256(salt || body),
    gp.leaf(h.account, "position", event_id, type, version, trace, cause, p_at, actor, permit,
      spends, spends_type, posted_id, text_hash, target, target_author, expires_at,
      sha256(salt || body))
  from (
    select a."position", a.event_id, a.type, a.version, a.actor, a.permit, a.posted_id,
      a.text_hash, a.target, a.target_author, a.body,
      -- one random seed, forgotten: no salt tells another
      sha256(seed || int8send(a."position")) as salt,
      case when a.trace is not null or a.trace_of is null then coalesce(a.trace, a.event_id)
        else coalesce((select l.trace from gp.log l
                       where l.account || '' = h.account and l.event_id = a.trace_of), a.event_id)
        end as trace,
      case when a.cause is not null then coalesce(
        (select l."position" from gp.log l where l.account || '' = h.account and l.event_id = a.cause),
        h.size + array_position(stood, a.cause) - 1, -1 /* no cause_in_log */) end as cause,
      case when a.spends is not null then coalesce(
        (select l."position" from gp.log l where l.account || '' = h.account and l.event_id = a.spends),
        h.size + array_position(stood, a.spends) - 1) end as spends,
      case when a.spends is not null then coalesce(
        (select l.type from gp.log l where l.account || '' = h.account and l.event_id = a.spends),
        p.type[array_position(p.event_id, a.spends)]) end as spends_type,
      case when a.type = 'permit_approved' then p_at + make_interval(secs => a.ttl_s) end
        as expires_at
    from (
      select u.*, h.size + row_number() over () - 1 as "position"
      from unnest(p.command, p.actor, p.event_id, p.type, p.version, p.trace, p.trace_of, p.cause,
                  p.body, p.permit, p.spends, p.posted_id, p.text_hash, p.target,
                  p.target_author, p.ttl_s)
        as u(command, actor, event_id, type, version, trace, trace_of, cause, body, permit,
             spends, posted_id, text_hash, target, target_author, ttl_s)
      where u.command <> all(refused)
    ) a
    offset 0 -- keep what is looked up here from being looked up again for each use
  ) e;
  get diagnostics written = row_count;
  return written;
end $$;
