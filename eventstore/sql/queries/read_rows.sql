select account, "position", event_id, type, version, trace, cause, recorded_at, actor, permit,
  spends, spends_type, posted_id, text_hash, target, target_author, expires_at, salt, body,
  body_hash, leaf
from gp.log
where account = %(account)s and "position" > %(after)s
order by "position" limit %(limit)s
