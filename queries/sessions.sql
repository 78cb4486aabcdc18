-- title: Sessions and their length
-- about: How many sessions have how many plays, and how long they last on average from first play to
-- about: last. Exact, from sessions_by_length.
-- group: Listeners
-- chart: bar x=plays y=sessions
-- rows: (SELECT user_id, session_id, count(*) AS plays, min(start_time) AS first_play,
-- rows: max(start_time) AS last_play FROM songplays GROUP BY user_id, session_id) AS s
-- rows: WHERE CASE WHEN plays = 1 THEN '1' WHEN plays <= 5 THEN '2 to 5' WHEN plays <= 20 THEN '6 to 20'
-- rows: WHEN plays <= 50 THEN '21 to 50' ELSE 'over 50' END = :plays ORDER BY first_play, session_id
SELECT
  CASE
    WHEN plays = 1 THEN '1'
    WHEN plays <= 5 THEN '2 to 5'
    WHEN plays <= 20 THEN '6 to 20'
    WHEN plays <= 50 THEN '21 to 50'
    ELSE 'over 50'
  END AS plays,
  CAST(sum(sessions) AS BIGINT) AS sessions,
  round(sum(milliseconds) / (60000.0 * sum(sessions)), 1) AS mean_minutes
FROM sessions_by_length AS lengths
GROUP BY 1
ORDER BY min(lengths.plays)
