-- Plays, sessions, days with a play (UTC), and the most such days in a row, of each user. Days stand
-- in one row when each less its own number gives the same day.
SELECT totals.user_id, totals.plays, totals.sessions, streaks.days, streaks.longest_streak
FROM (
  SELECT
    user_id, CAST(sum(plays) AS BIGINT) AS plays, count(DISTINCT session_id) AS sessions
  FROM play_groups
  WHERE user_id IS NOT NULL
  GROUP BY user_id
) AS totals
JOIN (
  SELECT user_id, CAST(sum(days) AS BIGINT) AS days, max(days) AS longest_streak
  FROM (
    SELECT user_id, count(*) AS days
    FROM (
      SELECT
        user_id,
        day - CAST(row_number() OVER (PARTITION BY user_id ORDER BY day) AS INTEGER) AS origin
      FROM (
        SELECT DISTINCT user_id, CAST(start_hour AS DATE) AS day
        FROM play_groups
        WHERE user_id IS NOT NULL
      ) AS user_days
    ) AS numbered
    GROUP BY user_id, origin
  ) AS runs
  GROUP BY user_id
) AS streaks ON streaks.user_id = totals.user_id
