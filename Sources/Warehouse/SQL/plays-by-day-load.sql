-- Plays, listeners and sessions on each day (UTC). A session is one user's, and counts on each day
-- that it has plays on.
SELECT
  day, CAST(sum(plays) AS BIGINT) AS plays,
  count(DISTINCT user_id) AS listeners, count(*) AS sessions
FROM (
  SELECT user_id, session_id, CAST(start_hour AS DATE) AS day, sum(plays) AS plays
  FROM play_groups
  GROUP BY user_id, session_id, CAST(start_hour AS DATE)
) AS session_days
GROUP BY day
