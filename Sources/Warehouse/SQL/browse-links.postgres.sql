-- Foreign keys over one column, from this table and to it.
SELECT fn.nspname, fc.relname, fa.attname, tn.nspname, tc.relname, ta.attname
FROM pg_constraint AS k
JOIN pg_class AS fc ON fc.oid = k.conrelid JOIN pg_namespace AS fn ON fn.oid = fc.relnamespace
JOIN pg_class AS tc ON tc.oid = k.confrelid JOIN pg_namespace AS tn ON tn.oid = tc.relnamespace
JOIN pg_attribute AS fa ON fa.attrelid = fc.oid AND fa.attnum = k.conkey[1]
JOIN pg_attribute AS ta ON ta.attrelid = tc.oid AND ta.attnum = k.confkey[1]
WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1
  AND ((fn.nspname = $1 AND fc.relname = $2) OR (tn.nspname = $1 AND tc.relname = $2))
ORDER BY fn.nspname, fc.relname, k.conname
