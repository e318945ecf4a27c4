-- Operators' view: the verdict on each candidate.
create view operators.candidate_evaluations as
select evaluation_id as id, candidate_post_id as candidate_tweet_id, evaluated_at as created_at,
  passed_hard_filters, overall_score, tier as predicted_tier, ai_judge_decision,
  author as candidate_username, source, verdict, reason, account
from gp.view_evaluations;
