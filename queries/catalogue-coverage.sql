-- title: Catalogue coverage
-- about: Plays whose song is in the catalogue, and plays whose song is not. Exact, from plays_by_hour.
-- group: Warehouse
-- chart: bar x=catalogue y=plays
-- rows: songplays WHERE :catalogue =
-- rows: CASE WHEN song_id IS NULL THEN 'not in the catalogue' ELSE 'in the catalogue' END
-- rows: ORDER BY songplay_id
SELECT catalogue, plays, round(100.0 * plays / sum(plays) OVER (), 1) AS percent
FROM (
  SELECT 'in the catalogue' AS catalogue, CAST(sum(catalogue_plays) AS BIGINT) AS plays
  FROM plays_by_hour
  UNION ALL
  SELECT 'not in the catalogue', CAST(sum(plays - catalogue_plays) AS BIGINT)
  FROM plays_by_hour
) AS halves
WHERE plays > 0
ORDER BY plays DESC, catalogue
