-- title: Calendar
-- about: The plays of every day, weeks across and weekdays down (UTC). A week begins on Monday.
-- about: Exact, from plays_by_day.
-- group: Time
-- chart: heatmap x=week y=weekday value=plays
-- rows: songplays WHERE start_time >= :day AND start_time < CAST(:day AS TIMESTAMP) + INTERVAL '1 day'
-- rows: ORDER BY songplay_id
SELECT
  CAST(date_trunc('week', day) AS DATE) AS week,
  to_char(day, 'Dy') AS weekday,
  day, plays
FROM plays_by_day
ORDER BY day
