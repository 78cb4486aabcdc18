-- The login that reads for people: it owns nothing and may neither write nor reach outside of the
-- database, whatever the SQL is that somebody runs. In clusters of PostgreSQL 14 and newer.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sparkify_reader') THEN
    CREATE ROLE sparkify_reader LOGIN;
  END IF;
END
$$;
GRANT pg_read_all_data, pg_read_all_stats, pg_read_all_settings TO sparkify_reader;
