-- title: Top songs
-- about: The songs of the catalogue that were played most; of equals the least song_id leads.
-- about: Exact, from plays_by_song.
-- group: Music
-- param: limit integer = 20
-- chart: bar x=title y=plays other=sum
-- rows: songplays WHERE song_id = :song_id ORDER BY songplay_id
SELECT s.title, a.name AS artist, p.plays, p.song_id
FROM (
  SELECT song_id, plays FROM plays_by_song ORDER BY plays DESC, song_id LIMIT :limit
) AS p
JOIN songs AS s ON s.song_id = p.song_id
JOIN artists AS a ON a.artist_id = s.artist_id
ORDER BY p.plays DESC, p.song_id
