-- The views that people made over the published tables, nearest first, with what it takes to make
-- them again. $1: the schema of the tables, $2: the names of the tables.
WITH RECURSIVE dependents (view_id, depth) AS (
  SELECT r.ev_class, 1
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
  JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE n.nspname = $1 AND c.relname = ANY (CAST($2 AS text[])) AND r.ev_class <> c.oid
  UNION
  SELECT r.ev_class, p.depth + 1
  FROM dependents AS p
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = p.view_id
  JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE r.ev_class <> p.view_id
)
SELECT n.nspname, v.relname, v.relkind = 'm' AS is_materialized,
  pg_get_userbyid(v.relowner) AS owner, pg_get_viewdef(v.oid) AS definition,
  obj_description(v.oid, 'pg_class') AS comment,
  array_to_string(v.reloptions, ', ') AS options,
  (SELECT string_agg(
      'GRANT ' || a.privilege_type || ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(v.relname)
        || ' TO ' || CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
        || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ';' || chr(10))
    FROM aclexplode(v.relacl) AS a WHERE a.grantee <> v.relowner) AS grants,
  (SELECT string_agg(i.indexdef, ';' || chr(10)) FROM pg_indexes AS i
    WHERE i.schemaname = n.nspname AND i.tablename = v.relname) AS indexes
FROM (SELECT view_id, max(depth) AS depth FROM dependents GROUP BY view_id) AS d
JOIN pg_class AS v ON v.oid = d.view_id
JOIN pg_namespace AS n ON n.oid = v.relnamespace
WHERE v.relkind IN ('v', 'm')
ORDER BY d.depth, n.nspname, v.relname
