-- The database of the embedded cluster; made once, in a cluster that is new.
CREATE DATABASE sparkify
