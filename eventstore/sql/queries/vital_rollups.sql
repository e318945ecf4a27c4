select account, to_jsonb(v) - 'account' - 'which' from gp.view_proof v order by account
