-- title: Weekdays and hours
-- about: Plays on each weekday (0 is Sunday) and hour of the day (UTC). Exact, from plays_by_hour.
-- group: Time
-- param: level text = all | free | paid
-- chart: heatmap x=hour y=weekday value=plays
-- rows: songplays WHERE date_part('dow', start_time) = :weekday
-- rows: AND date_part('hour', start_time) = :hour AND (:level = 'all' OR level = :level)
-- rows: ORDER BY songplay_id
SELECT
  CAST(date_part('dow', start_hour) AS INTEGER) AS weekday,
  CAST(date_part('hour', start_hour) AS INTEGER) AS hour,
  CAST(sum(plays) AS BIGINT) AS plays
FROM plays_by_hour
WHERE :level = 'all' OR level = :level
GROUP BY 1, 2
ORDER BY weekday, hour
