-- Every user with an event, with the values of the latest one by (ts, session, item).
SELECT user_id, first_name, last_name, gender, level
FROM (
  SELECT
    e.user_id, e.first_name, e.last_name, e.gender, e.level,
    row_number() OVER (
      PARTITION BY e.user_id
      ORDER BY
        e.session_id DESC, e.item_in_session DESC, e.level, e.first_name, e.last_name, e.gender
    ) AS recency
  FROM staging_events AS e
  JOIN (
    SELECT user_id, max(ts) AS ts
    FROM staging_events
    WHERE user_id IS NOT NULL
    GROUP BY user_id
  ) AS latest ON latest.user_id = e.user_id AND latest.ts = e.ts
) AS last_events
WHERE recency = 1
