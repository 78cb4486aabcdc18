-- What this user may do: make schemas, and use and fill those that are there.
SELECT has_database_privilege(current_database(), 'CREATE') AS may_create,
  n.nspname,
  has_schema_privilege(n.nspname, 'USAGE') AS may_use,
  has_schema_privilege(n.nspname, 'CREATE') AS may_fill
FROM (SELECT 1 AS one) AS always
LEFT JOIN pg_namespace AS n
  ON n.nspname IN ('sparkify', 'sparkify_build', 'sparkify_ops')
ORDER BY n.nspname
