-- What became of one command: ok, same (already there), or one of our SQLSTATEs and the reason.
create type gp.verdict as (command int, "position" bigint, code text, reason text);
