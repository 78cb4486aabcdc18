-- title: Top listeners
-- about: The users with the most plays, and their sessions. Exact, from sessions_by_user.
-- group: Listeners
-- param: limit integer = 20
-- chart: bar x=listener y=plays other=sum
-- rows: songplays WHERE user_id = :user_id ORDER BY songplay_id
SELECT u.user_id, u.first_name || ' ' || u.last_name AS listener, u.level, p.plays, p.sessions
FROM (
  SELECT user_id, plays, sessions FROM sessions_by_user ORDER BY plays DESC, user_id LIMIT :limit
) AS p
JOIN users AS u ON u.user_id = p.user_id
ORDER BY p.plays DESC, p.user_id
