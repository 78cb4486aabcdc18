-- One row a song_id. Year 0 means unknown and is kept.
SELECT song_id, title, artist_id, year, duration
FROM (
  SELECT
    song_id, title, artist_id, year, duration,
    row_number() OVER (
      PARTITION BY song_id
      ORDER BY
        artist_id, title, artist_name, duration, year,
        artist_location, artist_latitude, artist_longitude) AS choice
  FROM staging_songs
) AS candidates
WHERE choice = 1
