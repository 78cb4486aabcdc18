-- title: Top artists
-- about: The artists of the catalogue that were played most, and how many of their songs; of equals
-- about: the least artist_id leads. Exact, from plays_by_artist.
-- group: Music
-- param: limit integer = 20
-- chart: bar x=artist y=plays other=sum
-- rows: songplays WHERE artist_id = :artist_id ORDER BY songplay_id
SELECT a.name AS artist, p.plays, p.songs, p.artist_id
FROM (
  SELECT artist_id, plays, songs FROM plays_by_artist ORDER BY plays DESC, artist_id LIMIT :limit
) AS p
JOIN artists AS a ON a.artist_id = p.artist_id
ORDER BY p.plays DESC, p.artist_id
