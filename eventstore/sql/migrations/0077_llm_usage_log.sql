-- Operators' view: every call to the model and what it cost, or may cost while it is under way.
create view operators.llm_usage_log as
select purpose, request_id, model, prompt_tokens, completion_tokens, cost_usd, status,
  coalesce(ended_at, reserved_at) as "timestamp", latency_ms, reserved_usd, account
from gp.view_spending;
create index spending_by_id on gp.view_spending ((reservation_id::text));
create index spending_by_time on gp.view_spending ((coalesce(ended_at, reserved_at)));
create index spending_by_request on gp.view_spending (request_id);
create index spending_by_status on gp.view_spending (status, (coalesce(ended_at, reserved_at)));
