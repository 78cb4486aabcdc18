-- Whether an index of all rows that can be read in order begins with a column.
SELECT EXISTS (
  SELECT
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
  JOIN pg_class AS x ON x.oid = i.indexrelid
  JOIN pg_am AS m ON m.oid = x.relam
  WHERE n.nspname = $1 AND c.relname = $2 AND a.attname = $3
    AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree')
