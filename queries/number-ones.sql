-- title: Number ones
-- about: The song of the catalogue most played in each month (UTC); of equals the least song_id.
-- about: Exact, from song_charts.
-- group: Music
-- chart: bar x=number_one y=plays
-- rows: songplays WHERE song_id = :song_id AND start_time >= :month
-- rows: AND start_time < CAST(:month AS TIMESTAMP) + INTERVAL '1 month' ORDER BY songplay_id
SELECT
  c.month, s.title, a.name AS artist, c.plays, c.song_id,
  to_char(c.month, 'YYYY-MM') || ' · ' || s.title AS number_one
FROM song_charts AS c
JOIN songs AS s ON s.song_id = c.song_id
JOIN artists AS a ON a.artist_id = s.artist_id
WHERE c.place = 1
ORDER BY c.month
