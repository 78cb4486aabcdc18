-- The columns that tell rows apart: of the primary key, else of the shortest unique index over
-- columns that are never NULL.
SELECT i.indexrelid::bigint, a.attname
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
WHERE n.nspname = $1 AND c.relname = $2
  AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
  AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
  AND NOT EXISTS (
    SELECT FROM unnest(i.indkey::int2[]) AS u (attnum)
    JOIN pg_attribute AS b ON b.attrelid = c.oid AND b.attnum = u.attnum
    WHERE NOT b.attnotnull)
ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid, k.place
