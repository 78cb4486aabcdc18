-- What every session on Amazon Redshift begins with. The rest keeps Redshift's defaults.
-- extra_float_digits 2 shows a number with all its digits: Redshift's default is 15 of up to 17.
SET TimeZone TO 'UTC';
SET DateStyle TO 'ISO';
SET extra_float_digits TO 2
