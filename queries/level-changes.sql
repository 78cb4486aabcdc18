-- title: Level changes
-- about: When listeners went from free to paid or back, by their plays, and how many more went up
-- about: than down so far. Exact, from level_changes.
-- group: Listeners
-- chart: line x=changed_at y=net_upgrades
-- rows: songplays WHERE user_id = :user_id ORDER BY songplay_id
SELECT
  user_id, changed_at, previous_level, level,
  CAST(sum(CASE level WHEN 'paid' THEN 1 WHEN 'free' THEN -1 ELSE 0 END)
    OVER (ORDER BY changed_at, user_id ROWS UNBOUNDED PRECEDING) AS BIGINT) AS net_upgrades
FROM level_changes
ORDER BY changed_at, user_id
