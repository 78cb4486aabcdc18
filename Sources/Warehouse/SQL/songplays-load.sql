-- One row for each event with page 'NextSong', matched to a song or not. A song matches when its
-- title, artist name and duration equal the event's exactly: the lengths are compared too, since
-- Redshift takes no notice of trailing blanks, and as differences, so that they are looked at for
-- matches only and not hashed. An event that was delivered twice gets one number, and is taken out
-- after: sorting out here what hardly ever comes would cost every load a second pass.
SELECT
  dense_rank() OVER (
    ORDER BY e.start_time, e.session_id, e.item_in_session, e.user_id) AS songplay_id,
  e.start_time, e.user_id, e.level, s.song_id, s.artist_id, e.session_id, e.location, e.user_agent
FROM staging_events AS e
LEFT JOIN (
  SELECT title, artist_name, duration, song_id, artist_id
  FROM (
    SELECT
      title, artist_name, duration, song_id, artist_id,
      row_number() OVER (
        PARTITION BY title, artist_name, duration, octet_length(title), octet_length(artist_name)
        ORDER BY song_id, artist_id) AS choice
    FROM staging_songs
  ) AS candidates
  WHERE choice = 1
) AS s
  ON s.title = e.song AND s.artist_name = e.artist AND s.duration = e.length
  AND octet_length(s.title) - octet_length(e.song) = 0
  AND octet_length(s.artist_name) - octet_length(e.artist) = 0
WHERE e.page = 'NextSong'
