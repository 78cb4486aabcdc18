-- title: Plays by day
-- about: Plays, listeners and sessions on each day (UTC). Exact, from plays_by_day.
-- group: Time
-- chart: line x=day y=plays
-- rows: songplays WHERE start_time >= :day AND start_time < CAST(:day AS TIMESTAMP) + INTERVAL '1 day'
-- rows: ORDER BY songplay_id
SELECT day, plays, listeners, sessions
FROM plays_by_day
ORDER BY day
