-- title: Locations
-- about: Where people listen. Exact, from plays_by_user.
-- group: Listeners
-- param: limit integer = 20
-- chart: bar x=location y=plays other=sum
-- rows: songplays WHERE location = :location OR (location IS NULL AND :location IS NULL)
-- rows: ORDER BY songplay_id
SELECT
  location, CAST(sum(plays) AS BIGINT) AS plays, count(DISTINCT user_id) AS listeners
FROM plays_by_user
GROUP BY location
ORDER BY plays DESC, location
LIMIT :limit
