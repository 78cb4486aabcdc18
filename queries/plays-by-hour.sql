-- title: Plays by hour
-- about: When people listen, over the hours of the day (UTC). Exact, from plays_by_hour.
-- group: Time
-- param: level text = all | free | paid
-- chart: bar x=hour y=plays
-- rows: songplays WHERE date_part('hour', start_time) = :hour
-- rows: AND (:level = 'all' OR level = :level) ORDER BY songplay_id
SELECT CAST(date_part('hour', start_hour) AS INTEGER) AS hour, CAST(sum(plays) AS BIGINT) AS plays
FROM plays_by_hour
WHERE :level = 'all' OR level = :level
GROUP BY CAST(date_part('hour', start_hour) AS INTEGER)
ORDER BY hour
