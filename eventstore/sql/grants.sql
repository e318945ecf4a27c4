-- Who may do what; run after every migration. Nobody may write the log or its heads by hand.
revoke all on schema gp from public;
grant usage on schema gp to gp_app, gp_approver, gp_reader;
grant select on all tables in schema gp to gp_app, gp_approver, gp_reader;
revoke execute on all functions in schema gp from public;
-- the operators' views run as their owner; of the tables beneath an operator sees nothing
grant usage on schema operators to gp_app, gp_approver, gp_reader, gp_operator;
grant select on all tables in schema operators to gp_app, gp_approver, gp_reader, gp_operator;
grant execute on function gp.event_name, gp.event_severity, gp.event_data, gp.event_message
  to gp_app, gp_approver, gp_reader, gp_operator;
grant execute on function gp.append, gp.open_account, gp.take, gp.extend, gp.hold, gp.finish,
  gp.set_aside, gp.restore to gp_app;
grant execute on function gp.append_as_approver, gp.open_account, gp.erase to gp_approver;
grant execute on function gp.append_or_fail to gp_app, gp_approver;
grant execute on function gp.backlog, gp.standing, gp.leaf, gp.micros, gp.legal_move
  to gp_app, gp_approver, gp_reader;
grant insert, update, delete on gp.checkpoint, gp.handler_state to gp_app, gp_approver;
do $$
declare
  view regclass;
begin
  for view in select c.oid from pg_class c where c.relnamespace = 'gp'::regnamespace
                and c.relkind = 'r' and c.relname like 'view\_%' loop
    execute format('grant insert, update, delete on %s to gp_app', view);
  end loop;
end $$;
