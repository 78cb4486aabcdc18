-- What the tables hold, without counting: rows, those that were deleted and not vacuumed included,
-- and blocks of a megabyte. Empty tables are not in it; by default it is the superusers' alone.
SELECT table_id, CAST(tbl_rows AS BIGINT), size * 1048576 AS bytes
FROM svv_table_info
WHERE "schema" IN ('sparkify', 'sparkify_build', 'sparkify_ops')
