-- Plays in each hour (UTC) by level, and how many of them carry a song of the catalogue.
SELECT
  start_hour, level,
  CAST(sum(plays) AS BIGINT) AS plays, CAST(sum(catalogue_plays) AS BIGINT) AS catalogue_plays
FROM play_groups
GROUP BY start_hour, level
