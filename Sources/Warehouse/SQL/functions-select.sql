-- The functions that people made. Works on Redshift too.
SELECT DISTINCT p.proname
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT LIKE 'pg!_%' ESCAPE '!' AND n.nspname <> 'information_schema'
ORDER BY 1
LIMIT 1000
