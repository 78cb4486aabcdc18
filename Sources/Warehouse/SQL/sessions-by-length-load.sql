-- Sessions by how many plays they have, and how long they last from first play to last, together.
SELECT
  plays, count(*) AS sessions,
  CAST(sum(round(date_part('epoch', last_play - first_play) * 1000)) AS BIGINT) AS milliseconds
FROM (
  SELECT
    CAST(sum(plays) AS BIGINT) AS plays, min(first_play) AS first_play, max(last_play) AS last_play
  FROM play_groups
  GROUP BY user_id, session_id
) AS sessions
GROUP BY plays
