-- One row an artist_id: that of its least song_id.
SELECT
  artist_id, artist_name AS name, artist_location AS location,
  artist_latitude AS latitude, artist_longitude AS longitude
FROM (
  SELECT
    artist_id, artist_name, artist_location, artist_latitude, artist_longitude,
    row_number() OVER (
      PARTITION BY artist_id
      ORDER BY
        song_id, title, artist_name, duration, year,
        artist_location, artist_latitude, artist_longitude) AS choice
  FROM staging_songs
) AS candidates
WHERE choice = 1
