-- Our functions run as gp_owner and move messages; nobody else needs anything of pgmq.
do $$
declare
  q text;
begin
  execute 'grant usage on schema pgmq to gp_owner';
  for q in select distinct queue from gp.route loop
    execute format('grant select, insert, update, delete on pgmq.%I, pgmq.%I to gp_owner',
                   'q_' || lower(q), 'a_' || lower(q));
  end loop;
end $$;
