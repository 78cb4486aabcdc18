-- One row for each session, hour (UTC) and level that it has plays in: what hours, days, weeks and
-- sessions are counted from, so that the fact is read once for all of them.
SELECT
  user_id, session_id, date_trunc('hour', start_time) AS start_hour, level,
  count(*) AS plays, count(song_id) AS catalogue_plays,
  min(start_time) AS first_play, max(start_time) AS last_play
FROM songplays
GROUP BY user_id, session_id, date_trunc('hour', start_time), level
