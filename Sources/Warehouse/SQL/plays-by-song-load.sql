-- Plays of each song of the catalogue that was played.
SELECT song_id, artist_id, CAST(sum(plays) AS BIGINT) AS plays
FROM song_months
GROUP BY song_id, artist_id
