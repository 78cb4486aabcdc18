-- What every session on PostgreSQL begins with, so that values read the same everywhere.
-- extra_float_digits 1 is the shortest text that reads back as the same number.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 1
