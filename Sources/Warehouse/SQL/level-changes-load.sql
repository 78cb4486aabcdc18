-- The plays at which a user's level was another than at the play before. Only users with plays at
-- more than one level are looked at; songplay_id is the order in time.
SELECT user_id, changed_at, previous_level, level
FROM (
  SELECT
    user_id, start_time AS changed_at, level,
    lag(level) OVER (PARTITION BY user_id ORDER BY songplay_id) AS previous_level
  FROM songplays
  WHERE user_id IN (
    SELECT user_id FROM plays_by_user GROUP BY user_id HAVING min(level) <> max(level))
) AS plays
WHERE level <> previous_level
