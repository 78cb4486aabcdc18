-- title: Longest streaks
-- about: The listeners with the most days in a row (UTC) on which they played something. Exact, from
-- about: sessions_by_user.
-- group: Listeners
-- param: limit integer = 20
-- chart: bar x=listener y=longest_streak
-- rows: songplays WHERE user_id = :user_id ORDER BY songplay_id
SELECT
  u.user_id, u.first_name || ' ' || u.last_name AS listener, p.longest_streak, p.days, p.plays
FROM (
  SELECT user_id, longest_streak, days, plays
  FROM sessions_by_user
  ORDER BY longest_streak DESC, plays DESC, user_id
  LIMIT :limit
) AS p
JOIN users AS u ON u.user_id = p.user_id
ORDER BY p.longest_streak DESC, p.plays DESC, p.user_id
