-- The ten songs most played in each month; of songs with equal plays the least song_id leads.
SELECT month, place, song_id, artist_id, plays
FROM (
  SELECT
    month, song_id, artist_id, plays,
    row_number() OVER (PARTITION BY month ORDER BY plays DESC, song_id) AS place
  FROM song_months
) AS places
WHERE place <= 10
