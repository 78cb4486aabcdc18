-- title: New and returning listeners
-- about: In each week (from Monday, UTC) the listeners heard for the first time, and those heard
-- about: before. Exact, from listeners_by_week.
-- group: Listeners
-- chart: line x=week y=listeners series=kind
-- rows: users WHERE user_id IN (SELECT user_id FROM songplays
-- rows: WHERE start_time >= CAST(:week AS DATE) AND start_time < CAST(:week AS DATE) + 7)
-- rows: AND user_id IN (SELECT user_id FROM songplays GROUP BY user_id HAVING
-- rows: CASE WHEN min(start_time) >= CAST(:week AS DATE) THEN 'new' ELSE 'returning' END = :kind)
-- rows: ORDER BY user_id
SELECT
  week, CASE WHEN week = first_week THEN 'new' ELSE 'returning' END AS kind,
  CAST(sum(listeners) AS BIGINT) AS listeners
FROM listeners_by_week
GROUP BY 1, 2
ORDER BY week, kind
