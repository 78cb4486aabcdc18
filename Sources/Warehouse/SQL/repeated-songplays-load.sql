-- Of each play that was delivered more than once, the delivery that stays.
SELECT
  songplay_id, start_time, user_id, level, song_id, artist_id, session_id, location, user_agent
FROM (
  SELECT
    songplay_id, start_time, user_id, level, song_id, artist_id, session_id, location, user_agent,
    row_number() OVER (
      PARTITION BY songplay_id ORDER BY level, song_id, location, user_agent) AS delivery
  FROM songplays
  WHERE songplay_id IN (
    SELECT songplay_id FROM songplays GROUP BY songplay_id HAVING count(*) > 1)
) AS deliveries
WHERE delivery = 1
