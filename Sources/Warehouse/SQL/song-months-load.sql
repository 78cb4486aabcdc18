-- Plays of each song of the catalogue in each month: what songs, artists and charts are counted from.
SELECT
  CAST(date_trunc('month', start_time) AS DATE) AS month, song_id, artist_id, count(*) AS plays
FROM songplays
WHERE song_id IS NOT NULL
GROUP BY CAST(date_trunc('month', start_time) AS DATE), song_id, artist_id
