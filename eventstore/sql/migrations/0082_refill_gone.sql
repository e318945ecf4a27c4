-- Queues are mended by gp.restore; to empty one first would double what is in flight.
drop function gp.refill(text, text[], bigint[]);
