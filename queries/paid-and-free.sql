-- title: Paid and free over time
-- about: Plays by level on each day, and the paid share.
-- group: Listeners
-- chart: line x=day y=paid_share
SELECT
  CAST(start_time AS DATE) AS day,
  sum(CASE WHEN level = 'paid' THEN 1 ELSE 0 END) AS paid,
  sum(CASE WHEN level = 'free' THEN 1 ELSE 0 END) AS free,
  round(100.0 * sum(CASE WHEN level = 'paid' THEN 1 ELSE 0 END) / count(*), 1) AS paid_share
FROM songplays
GROUP BY CAST(start_time AS DATE)
ORDER BY day
