-- The statement that asks a server what it is.
SELECT version()
