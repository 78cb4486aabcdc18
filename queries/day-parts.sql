-- title: The day in parts
-- about: Plays in each part of the day (UTC), day by day: which of them grows, and which only weekends
-- about: know. Exact, from plays_by_hour.
-- group: Time
-- chart: sparkline x=day y=plays series=part
-- rows: songplays WHERE start_time >= :day AND start_time < CAST(:day AS TIMESTAMP) + INTERVAL '1 day'
-- rows: AND CASE WHEN date_part('hour', start_time) < 6 THEN 'night, 0 to 6'
-- rows: WHEN date_part('hour', start_time) < 12 THEN 'morning, 6 to 12'
-- rows: WHEN date_part('hour', start_time) < 18 THEN 'afternoon, 12 to 18'
-- rows: ELSE 'evening, 18 to 24' END = :part
-- rows: ORDER BY songplay_id
SELECT
  CASE
    WHEN date_part('hour', start_hour) < 6 THEN 'night, 0 to 6'
    WHEN date_part('hour', start_hour) < 12 THEN 'morning, 6 to 12'
    WHEN date_part('hour', start_hour) < 18 THEN 'afternoon, 12 to 18'
    ELSE 'evening, 18 to 24'
  END AS part,
  CAST(start_hour AS DATE) AS day,
  CAST(sum(plays) AS BIGINT) AS plays
FROM plays_by_hour
GROUP BY 1, 2
ORDER BY min(floor(date_part('hour', start_hour) / 6)), day
