-- The tables and views of the schemas, with what the server knows of them without counting.
SELECT n.nspname, c.relname, c.relkind, c.reltuples::bigint, c.oid::bigint,
  CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) END,
  obj_description(c.oid, 'pg_class')
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('sparkify', 'sparkify_build', 'sparkify_ops')
  AND c.relkind IN ('r', 'p', 'v', 'm')
ORDER BY array_position(ARRAY['sparkify', 'sparkify_build', 'sparkify_ops'], n.nspname::text),
  c.relname
