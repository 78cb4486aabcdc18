-- title: Catalogue coverage
-- about: Plays whose song is in the catalogue, and plays whose song is not.
-- group: Warehouse
-- chart: bar x=catalogue y=plays
SELECT
  CASE WHEN song_id IS NULL THEN 'not in the catalogue' ELSE 'in the catalogue' END AS catalogue,
  count(*) AS plays,
  round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM songplays
GROUP BY CASE WHEN song_id IS NULL THEN 'not in the catalogue' ELSE 'in the catalogue' END
ORDER BY plays DESC
