-- One row for the plays that have user, session, hour (UTC), level, location and user agent in
-- common: what hours, days, weeks, sessions, users and changes of level are counted from, so that the
-- fact is read once for all of them.
SELECT
  user_id, session_id, date_trunc('hour', start_time) AS start_hour, level, location, user_agent,
  count(*) AS plays, count(song_id) AS catalogue_plays,
  min(start_time) AS first_play, max(start_time) AS last_play,
  min(songplay_id) AS first_songplay_id, max(songplay_id) AS last_songplay_id
FROM songplays
GROUP BY user_id, session_id, date_trunc('hour', start_time), level, location, user_agent
