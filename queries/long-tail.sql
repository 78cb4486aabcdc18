-- title: The long tail
-- about: How many songs of the catalogue were played how often, and their share of its plays in
-- about: percent. Exact, from plays_by_song.
-- group: Music
-- chart: bar x=played y=songs
-- rows: songplays WHERE song_id IN (SELECT song_id FROM plays_by_song WHERE :played = CASE
-- rows: WHEN plays = 1 THEN 'once' WHEN plays <= 5 THEN '2 to 5 times'
-- rows: WHEN plays <= 20 THEN '6 to 20 times' WHEN plays <= 100 THEN '21 to 100 times'
-- rows: ELSE 'over 100 times' END) ORDER BY songplay_id
SELECT
  played, songs, plays, round(100.0 * plays / sum(plays) OVER (), 1) AS percent
FROM (
  SELECT
    CASE
      WHEN plays = 1 THEN 'once'
      WHEN plays <= 5 THEN '2 to 5 times'
      WHEN plays <= 20 THEN '6 to 20 times'
      WHEN plays <= 100 THEN '21 to 100 times'
      ELSE 'over 100 times'
    END AS played,
    min(plays) AS least, count(*) AS songs, CAST(sum(plays) AS BIGINT) AS plays
  FROM plays_by_song
  GROUP BY 1
) AS classes
ORDER BY least
