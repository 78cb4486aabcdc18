-- Plays of each artist of the catalogue who was played, and of how many songs.
SELECT artist_id, CAST(sum(plays) AS BIGINT) AS plays, count(*) AS songs
FROM plays_by_song
GROUP BY artist_id
