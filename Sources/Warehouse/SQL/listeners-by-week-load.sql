-- Of the users first heard in a week, how many listened in each week, and their plays. Weeks begin
-- on Monday (UTC) and go by that day.
SELECT first_week, week, count(*) AS listeners, CAST(sum(plays) AS BIGINT) AS plays
FROM (
  SELECT week, plays, min(week) OVER (PARTITION BY user_id) AS first_week
  FROM (
    SELECT user_id, CAST(date_trunc('week', start_hour) AS DATE) AS week, sum(plays) AS plays
    FROM play_groups
    WHERE user_id IS NOT NULL
    GROUP BY user_id, CAST(date_trunc('week', start_hour) AS DATE)
  ) AS weeks
) AS listened
GROUP BY first_week, week
