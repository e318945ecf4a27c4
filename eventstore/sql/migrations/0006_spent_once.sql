-- What is spent is spent once: a permit buys one click, an attempt has one outcome.
create unique index spent_once on gp.log (account, spends) where spends is not null;
