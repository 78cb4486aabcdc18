-- What every session on Amazon Redshift begins with. The rest keeps Redshift's defaults.
SET TimeZone TO 'UTC';
SET DateStyle TO 'ISO'
