-- title: Sessions and their length
-- about: How many sessions have how many plays, and how long they last from first play to last.
-- group: Listeners
-- chart: bar x=plays y=sessions
SELECT
  CASE
    WHEN plays = 1 THEN '1'
    WHEN plays <= 5 THEN '2 to 5'
    WHEN plays <= 20 THEN '6 to 20'
    WHEN plays <= 50 THEN '21 to 50'
    ELSE 'over 50'
  END AS plays,
  count(*) AS sessions,
  round(CAST(avg(minutes) AS NUMERIC(18, 4)), 1) AS mean_minutes
FROM (
  SELECT
    session_id, user_id, count(*) AS plays,
    date_part('epoch', max(start_time) - min(start_time)) / 60.0 AS minutes
  FROM songplays
  GROUP BY session_id, user_id
) AS lengths
GROUP BY 1
ORDER BY min(lengths.plays)
