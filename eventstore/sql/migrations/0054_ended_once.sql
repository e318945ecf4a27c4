-- A slot, a fetch and its cycle end once, whoever closes them: the worker, or the watchdog for it.
create unique index ended_once on gp.log (account, trace, type)
  where type in ('slot_closed', 'fetch_completed', 'full_cycle_completed');
