-- title: Weekdays and hours
-- about: Plays on each weekday and hour of the day (UTC). Exact, from plays_by_hour.
-- group: Time
-- param: level text = all | free | paid
-- chart: heatmap x=hour y=weekday value=plays
-- rows: songplays WHERE to_char(start_time, 'Dy') = :weekday
-- rows: AND date_part('hour', start_time) = :hour AND (:level = 'all' OR level = :level)
-- rows: ORDER BY songplay_id
SELECT weekday, hour, plays
FROM (
  SELECT
    (CAST(date_part('dow', start_hour) AS INTEGER) + 6) % 7 AS days_since_monday,
    to_char(start_hour, 'Dy') AS weekday,
    CAST(date_part('hour', start_hour) AS INTEGER) AS hour,
    CAST(sum(plays) AS BIGINT) AS plays
  FROM plays_by_hour
  WHERE :level = 'all' OR level = :level
  GROUP BY 1, 2, 3
) AS hours
ORDER BY days_since_monday, hour
