-- Everything that names a post, for `why`.
create index posted_id on gp.log (account, posted_id) where posted_id is not null;
