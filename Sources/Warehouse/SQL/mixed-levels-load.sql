-- The users who have a group of plays that begins at another level before a group from earlier has
-- ended: of them alone are the plays looked at one by one for changes of level.
SELECT DISTINCT user_id
FROM (
  SELECT
    user_id, level, first_songplay_id,
    lag(level) OVER (PARTITION BY user_id ORDER BY first_songplay_id) AS previous_level,
    max(last_songplay_id) OVER (
      PARTITION BY user_id ORDER BY first_songplay_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_before
  FROM play_groups
  WHERE user_id IN (
    SELECT user_id FROM play_groups GROUP BY user_id HAVING min(level) <> max(level))
) AS groups
WHERE coalesce(level, '') <> coalesce(previous_level, '') AND first_songplay_id < last_before
