-- title: Weekdays and hours
-- about: Plays on each weekday (0 is Sunday) and hour of the day (UTC).
-- group: Time
-- param: level text = all | free | paid
-- chart: heatmap x=hour y=weekday value=plays
SELECT t.weekday, t.hour, count(*) AS plays
FROM songplays AS p
JOIN time AS t ON t.start_time = p.start_time
WHERE :level = 'all' OR p.level = :level
GROUP BY t.weekday, t.hour
ORDER BY t.weekday, t.hour
