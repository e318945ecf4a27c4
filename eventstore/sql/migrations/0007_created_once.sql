-- A permit is asked for once, so that one id cannot collect several approvals.
create unique index created_once on gp.log (account, permit) where type = 'permit_created';
