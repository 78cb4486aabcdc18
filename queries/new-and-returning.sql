-- title: New and returning listeners
-- about: In each week (from Monday, UTC) the listeners heard for the first time, and those heard
-- about: before. Exact, from listeners_by_week.
-- group: Listeners
-- chart: line x=week y=listeners series=kind
SELECT
  week, CASE WHEN week = first_week THEN 'new' ELSE 'returning' END AS kind,
  CAST(sum(listeners) AS BIGINT) AS listeners
FROM listeners_by_week
GROUP BY 1, 2
ORDER BY week, kind
