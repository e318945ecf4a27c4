-- Give the events that stand their positions and write them; returns how many. Under the head's
-- lock. Causes and spent events are found by id, in the log or in this call.
create function gp.write(h gp.head, p_at timestamptz, p gp.arrivals, refused int[])
returns bigint
language plpgsql set enable_nestloop = off set jit = off as $$
declare
  written bigint; lost bigint;
begin
  with arriving as (
    select a.*, h.size + row_number() over () - 1 as "position"
    from unnest(p.command, p.actor, p.event_id, p.type, p.version, p.trace, p.trace_of, p.cause,
                p.body, p.permit, p.spends, p.posted_id, p.text_hash, p.target, p.target_author, p.ttl_s)
      as a(command, actor, event_id, type, version, trace, trace_of, cause, body, permit,
           spends, posted_id, text_hash, target, target_author, ttl_s)
    where a.command <> all(refused)
  ), resolved as (
    select a.*, uuid_send(gen_random_uuid()) as salt,
      case when a.trace_of is null then coalesce(a.trace, a.event_id) else coalesce(a.trace,
        (select l.trace from gp.log l where l.account = h.account and l.event_id = a.trace_of),
        a.event_id) end as chain,
      case when a.cause is not null then coalesce(c."position",
        (select l."position" from gp.log l where l.account = h.account and l.event_id = a.cause))
      end as cause_position,
      case when a.spends is not null then coalesce(s."position",
        (select l."position" from gp.log l where l.account = h.account and l.event_id = a.spends))
      end as spends_position,
      case when a.spends is not null then coalesce(s.type,
        (select l.type from gp.log l where l.account = h.account and l.event_id = a.spends))
      end as spends_type,
      case when a.ttl_s is not null and a.type = 'permit_approved'
        then p_at + make_interval(secs => a.ttl_s) end as expires_at
    from arriving a
    left join arriving c on c.event_id = a.cause
    left join arriving s on s.event_id = a.spends
  ), hashed as (
    select r.*, sha256(r.salt || r.body) as body_hash from resolved r
  ), inserted as (
    insert into gp.log (account, "position", event_id, type, version, trace, cause, recorded_at,
      actor, permit, spends, spends_type, posted_id, text_hash, target, target_author, expires_at,
      salt, body, body_hash, leaf)
    select h.account, "position", event_id, type, version, chain, cause_position, p_at, actor,
      permit, spends_position, spends_type, posted_id, text_hash, target, target_author,
      expires_at, salt, body, body_hash,
      gp.leaf(h.account, "position", event_id, type, version, chain, cause_position, p_at, actor,
        permit, spends_position, spends_type, posted_id, text_hash, target, target_author,
        expires_at, body_hash)
    from hashed
    returning 1
  )
  select (select count(*) from inserted),
         (select count(*) from resolved where cause is not null and cause_position is null)
    into written, lost;
  if lost > 0 then
    raise exception 'the cause is not in the log' using errcode = 'GP016';
  end if;
  return written;
end $$;
