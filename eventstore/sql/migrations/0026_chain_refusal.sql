-- Why this event may not spend that one, by chain and type; null = it may.
create function gp.chain_refusal(e gp.arrival, p_type text, p_trace uuid, p_permit uuid) returns text
language sql stable
return case
  when p_type is null then 'GP011 spends an event that is not in the log'
  when p_trace <> e.trace or p_permit is distinct from e.permit
    then 'GP012 spends an event of another chain'
  when not gp.legal_move(e.type, p_type) then format('GP014 %s cannot spend %s', e.type, p_type)
end;
