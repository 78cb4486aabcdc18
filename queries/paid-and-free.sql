-- title: Paid and free over time
-- about: Plays by level on each day (UTC), and the paid share in percent. Exact, from plays_by_hour.
-- group: Listeners
-- chart: line x=day y=paid_share unit=%
-- rows: songplays WHERE start_time >= :day AND start_time < CAST(:day AS TIMESTAMP) + INTERVAL '1 day'
-- rows: ORDER BY songplay_id
SELECT
  CAST(start_hour AS DATE) AS day,
  CAST(sum(CASE WHEN level = 'paid' THEN plays ELSE 0 END) AS BIGINT) AS paid,
  CAST(sum(CASE WHEN level = 'free' THEN plays ELSE 0 END) AS BIGINT) AS free,
  round(100.0 * sum(CASE WHEN level = 'paid' THEN plays ELSE 0 END) / sum(plays), 1) AS paid_share
FROM plays_by_hour
GROUP BY CAST(start_hour AS DATE)
ORDER BY day
