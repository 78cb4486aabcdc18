-- title: Row counts
-- about: How many rows the tables of the star hold.
-- group: Warehouse
-- chart: bar x=table_name y=row_count
SELECT 'songplays' AS table_name, count(*) AS row_count FROM songplays
UNION ALL SELECT 'users', count(*) FROM users
UNION ALL SELECT 'songs', count(*) FROM songs
UNION ALL SELECT 'artists', count(*) FROM artists
UNION ALL SELECT 'time', count(*) FROM time
UNION ALL SELECT 'staging_events', count(*) FROM staging_events
UNION ALL SELECT 'staging_songs', count(*) FROM staging_songs
ORDER BY row_count DESC, table_name
