-- title: Weekdays against weekends
-- about: The mean plays an hour of the day (UTC) has on Monday to Friday, and on Saturday and Sunday,
-- about: over the days with a play. Exact, from plays_by_hour and plays_by_day.
-- group: Time
-- chart: line x=hour y=mean_plays series=days
-- rows: songplays WHERE date_part('hour', start_time) = :hour
-- rows: AND CASE WHEN date_part('dow', start_time) IN (0, 6) THEN 'weekend' ELSE 'weekday' END = :days
-- rows: ORDER BY songplay_id
SELECT hours.hour, hours.days, round(hours.plays / day_counts.number, 1) AS mean_plays
FROM (
  SELECT
    CAST(date_part('hour', start_hour) AS INTEGER) AS hour,
    CASE WHEN date_part('dow', start_hour) IN (0, 6) THEN 'weekend' ELSE 'weekday' END AS days,
    sum(plays) AS plays
  FROM plays_by_hour
  GROUP BY 1, 2
) AS hours
JOIN (
  SELECT
    CASE WHEN date_part('dow', day) IN (0, 6) THEN 'weekend' ELSE 'weekday' END AS days,
    CAST(count(*) AS NUMERIC(18, 4)) AS number
  FROM plays_by_day
  GROUP BY 1
) AS day_counts ON day_counts.days = hours.days
ORDER BY hours.hour, hours.days
