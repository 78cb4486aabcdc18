-- title: Plays by hour
-- about: When people listen, over the hours of the day (UTC).
-- group: Time
-- param: level text = all | free | paid
-- chart: bar x=hour y=plays
SELECT t.hour, count(*) AS plays
FROM songplays AS p
JOIN time AS t ON t.start_time = p.start_time
WHERE :level = 'all' OR p.level = :level
GROUP BY t.hour
ORDER BY t.hour
