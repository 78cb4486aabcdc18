-- title: Top songs
-- about: The songs of the catalogue that were played most.
-- group: Music
-- param: limit integer = 20
-- chart: bar x=title y=plays
SELECT s.title, a.name AS artist, count(*) AS plays
FROM songplays AS p
JOIN songs AS s ON s.song_id = p.song_id
JOIN artists AS a ON a.artist_id = s.artist_id
GROUP BY s.song_id, s.title, a.name
ORDER BY plays DESC, s.title, s.song_id
LIMIT :limit
