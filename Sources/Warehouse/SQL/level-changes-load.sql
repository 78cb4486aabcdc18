-- The plays at which a user's level was another than at the play before; songplay_id is the order in
-- time. Where levels do not mix, the first play of a group of plays is where they can change.
SELECT user_id, changed_at, previous_level, level
FROM (
  SELECT
    user_id, first_play AS changed_at, level,
    lag(level) OVER (PARTITION BY user_id ORDER BY first_songplay_id) AS previous_level
  FROM play_groups
  WHERE user_id IN (
    SELECT user_id FROM plays_by_user GROUP BY user_id HAVING min(level) <> max(level))
    AND NOT EXISTS (SELECT 1 FROM mixed_levels AS m WHERE m.user_id = play_groups.user_id)
) AS groups
WHERE level <> previous_level
UNION ALL
SELECT user_id, changed_at, previous_level, level
FROM (
  SELECT
    user_id, start_time AS changed_at, level,
    lag(level) OVER (PARTITION BY user_id ORDER BY songplay_id) AS previous_level
  FROM songplays
  WHERE user_id IN (SELECT user_id FROM mixed_levels)
) AS plays
WHERE level <> previous_level
