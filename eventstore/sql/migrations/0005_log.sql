-- The log: every event of every account, in its account's order. The law is its constraints.
create table gp.log (
  account text not null,
  "position" bigint not null,
  event_id uuid not null,
  type text not null,
  version int not null,
  trace uuid not null,
  cause bigint,
  recorded_at timestamptz not null,
  actor text not null,
  permit uuid,
  spends bigint,
  spends_type text,
  posted_id text,
  text_hash bytea,
  target text,
  target_author text,
  expires_at timestamptz,
  salt bytea,
  body bytea,
  body_hash bytea not null,
  leaf bytea not null,
  primary key (account, "position"),
  -- the id first: see recognise for why
  constraint event_id_once unique (event_id, account),
  constraint in_trace unique (account, trace, permit, "position", type),
  -- what is spent is in the log, in the same chain, under the same permit, and of the type claimed
  constraint antecedent foreign key (account, trace, permit, spends, spends_type)
    references gp.log (account, trace, permit, "position", type),
  constraint law check (gp.legal_move(type, spends_type)),
  constraint spends_whole check ((spends is null) = (spends_type is null)),
  constraint spends_earlier check (spends < "position"),
  constraint cause_in_log check (cause >= 0 and cause < "position"),
  constraint position_counts check ("position" >= 0),
  -- without a permit the foreign key above would be silent
  constraint permit_named check (
    permit is not null or (spends is null and type not in ('permit_created', 'draft_accepted'))),
  constraint text_named check (type not in ('click_attempt', 'draft_accepted') or text_hash is not null),
  constraint text_hash_is_sha256 check (octet_length(text_hash) = 32),
  constraint approval_ends check ((type = 'permit_approved') = (expires_at is not null)),
  constraint post_named check (type not in ('posting_success', 'late_confirmed') or posted_id is not null),
  constraint time_plausible check (
    recorded_at >= '2000-01-01 00:00:00+00' and recorded_at < '2100-01-01 00:00:00+00'),
  -- one line each in the leaf's header, so no control characters
  constraint texts_are_lines check (
    length(account) <= 300 and length(type) <= 300 and length(actor) <= 300
    and coalesce(length(posted_id), 0) <= 300 and coalesce(length(target), 0) <= 300
    and coalesce(length(target_author), 0) <= 300
    and (account || type || actor || coalesce(posted_id, '') || coalesce(target, '')
         || coalesce(target_author, '')) !~ '[\u0001-\u001f\u007f]'),
  constraint body_fits check (octet_length(body) <= 65536),
  constraint body_hash_fits check (
    case when body is null then salt is null and octet_length(body_hash) = 32
         else salt is not null and body_hash = sha256(salt || body) end),
  constraint leaf_fits check (
    leaf = gp.leaf(account, "position", event_id, type, version, trace, cause, recorded_at, actor,
      permit, spends, spends_type, posted_id, text_hash, target, target_author, expires_at, body_hash))
);
