select command, "position", code, reason
from gp.append(%(account)s,
  row(%(command)s::int[], %(actor)s::text[], %(event_id)b::uuid[], %(type)s::text[],
      %(version)s::int[], %(trace)b::uuid[], %(trace_of)b::uuid[], %(cause)b::uuid[],
      %(body)b::bytea[], %(permit)b::uuid[], %(spends)b::uuid[], %(posted_id)s::text[],
      %(text_hash)b::bytea[], %(target)s::text[], %(target_author)s::text[],
      %(ttl_s)s::int[])::gp.arrivals,
  row(%(c_command)s::int[], %(c_trace)s::uuid[], %(c_after)s::bigint[],
      %(c_types)s::text[])::gp.conditions)
