-- title: Calendar
-- about: The plays of every day, weeks across and weekdays down (0 is Sunday, UTC). A week begins on
-- about: Monday. Exact, from plays_by_day.
-- group: Time
-- chart: heatmap x=week y=weekday value=plays
-- rows: songplays WHERE start_time >= :day AND start_time < CAST(:day AS TIMESTAMP) + INTERVAL '1 day'
-- rows: ORDER BY songplay_id
SELECT
  CAST(date_trunc('week', day) AS DATE) AS week,
  CAST(date_part('dow', day) AS INTEGER) AS weekday,
  day, plays
FROM plays_by_day
ORDER BY day
