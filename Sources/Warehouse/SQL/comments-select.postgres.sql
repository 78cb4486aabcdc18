-- The comments that people made on the tables of a schema and on their columns, as far as the
-- successors have these. $1: the schema, $2: that of the successors, $3: the names of the tables.
SELECT c.relname, old.attname, d.description
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
LEFT JOIN pg_attribute AS old ON old.attrelid = c.oid AND old.attnum = d.objsubid AND d.objsubid > 0
WHERE n.nspname = $1 AND c.relname = ANY (CAST($3 AS text[]))
  AND (d.objsubid = 0 OR EXISTS (
    SELECT 1
    FROM pg_attribute AS a
    JOIN pg_class AS s ON s.oid = a.attrelid
    JOIN pg_namespace AS b ON b.oid = s.relnamespace
    WHERE b.nspname = $2 AND s.relname = c.relname AND a.attname = old.attname))
ORDER BY 1, d.objsubid
