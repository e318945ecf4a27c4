-- Operators' view: what was learned about each source and style.
create view operators.bandit_arms as
select arm, alpha, beta, pulls, updated_at, version, account
from gp.view_arms;
