-- Microseconds since 1970-01-01 UTC. Written as a difference because extract() from a timestamptz
-- counts as dependent on the time zone, which a constraint must not be.
create function gp.micros(at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from (at - timestamptz '1970-01-01 00:00:00+00')) * 1000000)::bigint;
