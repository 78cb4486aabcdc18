-- title: Locations
-- about: Where people listen.
-- group: Listeners
-- param: limit integer = 20
-- chart: bar x=location y=plays
SELECT location, count(*) AS plays, count(DISTINCT user_id) AS listeners
FROM songplays
GROUP BY location
ORDER BY plays DESC, location
LIMIT :limit
