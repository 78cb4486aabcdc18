-- One row for each distinct start_time of a play. ISO week; weekday 0 is Sunday, 6 Saturday.
-- date_part, not extract: PostgreSQL computes extract in numeric, at three times the cost.
SELECT
  start_time,
  CAST(date_part('hour', start_time) AS INTEGER) AS hour,
  CAST(date_part('day', start_time) AS INTEGER) AS day,
  CAST(date_part('week', start_time) AS INTEGER) AS week,
  CAST(date_part('month', start_time) AS INTEGER) AS month,
  CAST(date_part('year', start_time) AS INTEGER) AS year,
  CAST(date_part('dow', start_time) AS INTEGER) AS weekday
FROM (SELECT DISTINCT start_time FROM staging_events WHERE page = 'NextSong') AS plays
