-- Operators' view: another name for the calls to the model.
create view operators.api_usage as select * from operators.llm_usage_log;
