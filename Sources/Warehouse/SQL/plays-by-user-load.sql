-- Plays of each user by level, location and user agent; what has no user counts as one user NULL.
SELECT user_id, level, location, user_agent, CAST(sum(plays) AS BIGINT) AS plays
FROM play_groups
GROUP BY user_id, level, location, user_agent
