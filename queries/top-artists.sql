-- title: Top artists
-- about: The artists of the catalogue that were played most.
-- group: Music
-- param: limit integer = 20
-- chart: bar x=artist y=plays
SELECT a.name AS artist, count(*) AS plays, count(DISTINCT p.song_id) AS songs
FROM songplays AS p
JOIN artists AS a ON a.artist_id = p.artist_id
GROUP BY a.artist_id, a.name
ORDER BY plays DESC, a.name, a.artist_id
LIMIT :limit
