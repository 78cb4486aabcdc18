-- title: Retention by week
-- about: Of the users first heard in a week, how many came back so many weeks later.
-- group: Listeners
-- chart: heatmap x=weeks_later y=first_week value=listeners
SELECT
  CAST(f.first_week AS DATE) AS first_week,
  CAST(round(date_part('epoch', w.week - f.first_week) / 604800.0) AS INTEGER) AS weeks_later,
  count(*) AS listeners
FROM (
  SELECT user_id, min(date_trunc('week', start_time)) AS first_week
  FROM songplays WHERE user_id IS NOT NULL
  GROUP BY user_id
) AS f
JOIN (
  SELECT DISTINCT user_id, date_trunc('week', start_time) AS week
  FROM songplays WHERE user_id IS NOT NULL
) AS w ON w.user_id = f.user_id
GROUP BY f.first_week, w.week
ORDER BY f.first_week, w.week
