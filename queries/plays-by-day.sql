-- title: Plays by day
-- about: Plays, listeners and sessions on each day (UTC).
-- group: Time
-- chart: line x=day y=plays
SELECT
  CAST(p.start_time AS DATE) AS day, count(*) AS plays,
  count(DISTINCT p.user_id) AS listeners, count(DISTINCT p.session_id) AS sessions
FROM songplays AS p
GROUP BY CAST(p.start_time AS DATE)
ORDER BY day
