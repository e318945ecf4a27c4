-- Create the queue of every route that has none yet.
do $$
declare
  q text;
begin
  for q in select distinct queue from gp.route loop
    if to_regclass(format('pgmq.%I', 'q_' || lower(q))) is null then
      perform pgmq.create(q);
    end if;
  end loop;
end $$;
