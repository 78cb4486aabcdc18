-- title: Plays by day
-- about: Plays, listeners and sessions on each day (UTC). Exact, from plays_by_day.
-- group: Time
-- chart: line x=day y=plays
SELECT day, plays, listeners, sessions
FROM plays_by_day
ORDER BY day
