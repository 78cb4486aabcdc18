-- title: The faithful few
-- about: Listeners in ten equal groups, the busiest first: the share of all plays that is theirs, and
-- about: that of all so far, in percent. Exact, from sessions_by_user.
-- group: Listeners
-- chart: bar x=tenth y=percent
-- rows: (SELECT s.user_id, u.first_name, u.last_name, u.level, s.plays, s.sessions,
-- rows: ntile(10) OVER (ORDER BY s.plays DESC, s.user_id) AS tenth
-- rows: FROM sessions_by_user AS s JOIN users AS u ON u.user_id = s.user_id) AS ranked
-- rows: WHERE tenth = :tenth ORDER BY plays DESC, user_id
SELECT
  tenth, listeners, plays,
  round(100.0 * plays / sum(plays) OVER (), 1) AS percent,
  round(100.0 * sum(plays) OVER (ORDER BY tenth ROWS UNBOUNDED PRECEDING)
    / sum(plays) OVER (), 1) AS percent_so_far
FROM (
  SELECT tenth, count(*) AS listeners, CAST(sum(plays) AS BIGINT) AS plays
  FROM (
    SELECT plays, ntile(10) OVER (ORDER BY plays DESC, user_id) AS tenth
    FROM sessions_by_user
  ) AS ranked
  GROUP BY tenth
) AS tenths
ORDER BY tenth
