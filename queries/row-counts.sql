-- title: Row counts
-- about: How many rows the tables of the star hold. Exact: the check counted them before the star was
-- about: published.
-- group: Warehouse
-- chart: bar x=table_name y=row_count
-- rows: :table_name
SELECT table_name, row_count
FROM row_counts
ORDER BY row_count DESC, table_name
