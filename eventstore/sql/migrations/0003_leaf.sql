-- The leaf of one event: sha256(0x00 || header), as RFC 6962 hashes leaves.
-- The header is lines `name=value` in this order; a line whose value is null is left out, times are
-- microseconds since 1970 UTC, bytes are lower-case hex. schema/leaf.py makes the same.
-- decode() turns the text into its UTF-8 bytes: convert_to() would do, were it immutable. Not a
-- plain SQL function: as part of a CHECK it would be parsed and inlined anew by every INSERT.
create function gp.leaf(
  account text, "position" bigint, event_id uuid, type text, version int, trace uuid, cause bigint,
  recorded_at timestamptz, actor text, permit uuid, spends bigint, spends_type text,
  posted_id text, text_hash bytea, target text, target_author text, expires_at timestamptz,
  body_hash bytea
) returns bytea
language plpgsql immutable parallel safe as $$ begin return sha256('\x00'::bytea || decode(replace(
  'ghostproof/event/v1'
  || e'\naccount=' || account
  || e'\nposition=' || "position"::text
  || e'\nevent_id=' || event_id::text
  || e'\ntype=' || type
  || e'\nversion=' || version::text
  || e'\ntrace=' || trace::text
  || coalesce(e'\ncause=' || cause::text, '')
  || e'\nrecorded_at=' || gp.micros(recorded_at)::text
  || e'\nactor=' || actor
  || coalesce(e'\npermit=' || permit::text, '')
  || coalesce(e'\nspends=' || spends::text, '')
  || coalesce(e'\nspends_type=' || spends_type, '')
  || coalesce(e'\nposted_id=' || posted_id, '')
  || coalesce(e'\ntext_hash=' || encode(text_hash, 'hex'), '')
  || coalesce(e'\ntarget=' || target, '')
  || coalesce(e'\ntarget_author=' || target_author, '')
  || coalesce(e'\nexpires_at=' || gp.micros(expires_at)::text, '')
  || e'\nbody_hash=' || encode(body_hash, 'hex') || e'\n',
  '\', '\\'), 'escape'));
end $$;
