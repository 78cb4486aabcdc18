-- The tables and views of the schemas. What is in them another view tells. The table whose lock is
-- the run's is left out: whoever counted it would wait for the run.
SELECT n.nspname, c.relname, c.relkind, -1 AS estimate, CAST(c.oid AS BIGINT), NULL AS bytes,
  NULL AS description
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('sparkify', 'sparkify_build', 'sparkify_ops')
  AND c.relkind IN ('r', 'v') AND c.relname <> 'run_lock'
ORDER BY
  CASE n.nspname WHEN 'sparkify' THEN 1 WHEN 'sparkify_build' THEN 2 ELSE 3 END, c.relname
