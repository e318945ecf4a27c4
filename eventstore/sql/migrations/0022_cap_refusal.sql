-- Which rate cap a click attempt now would break; null for none.
create function gp.cap_refusal(h gp.head, p_at timestamptz, p_author text) returns text
language plpgsql stable as $$
declare
  hour bigint; day bigint; author bigint; latest timestamptz;
begin
  select count(*) filter (where recorded_at > p_at - interval '1 hour'), count(*),
         count(*) filter (where target_author = p_author), max(recorded_at)
    into hour, day, author, latest
    from gp.log
    where account = h.account and type = 'click_attempt' and recorded_at > p_at - interval '1 day';
  return case
    when hour >= h.clicks_per_hour then format('GP023 %s clicks in an hour are the cap', h.clicks_per_hour)
    when day >= h.clicks_per_day then format('GP023 %s clicks in a day are the cap', h.clicks_per_day)
    when author >= h.clicks_per_author_per_day
      then format('GP023 %s clicks a day to one author are the cap', h.clicks_per_author_per_day)
    when latest > p_at - make_interval(secs => h.gap_s)
      then format('GP023 less than %s s since the last click', h.gap_s)
  end;
end $$;
