-- title: Top listeners
-- about: The users with the most plays.
-- group: Listeners
-- param: limit integer = 20
-- chart: bar x=listener y=plays
SELECT
  u.user_id, u.first_name || ' ' || u.last_name AS listener, u.level,
  count(*) AS plays, count(DISTINCT p.session_id) AS sessions
FROM songplays AS p
JOIN users AS u ON u.user_id = p.user_id
GROUP BY u.user_id, u.first_name, u.last_name, u.level
ORDER BY plays DESC, u.user_id
LIMIT :limit
