-- account || '' leaves only the index that begins with the id
select * from gp.log where account || '' = %(account)s and event_id = %(event_id)s
