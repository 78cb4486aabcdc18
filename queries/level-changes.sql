-- title: Level changes
-- about: When listeners went from free to paid or back, by their plays.
-- group: Listeners
SELECT user_id, changed_at, previous_level, level
FROM (
  SELECT
    user_id, start_time AS changed_at, level,
    lag(level) OVER (PARTITION BY user_id ORDER BY start_time, songplay_id) AS previous_level
  FROM songplays
) AS plays
WHERE level <> previous_level
ORDER BY changed_at, user_id
