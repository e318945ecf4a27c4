-- Click attempts by time, for the rate caps.
create index attempts on gp.log (account, recorded_at) where type = 'click_attempt';
