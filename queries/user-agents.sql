-- title: Browsers
-- about: Plays by browser family, as the user agent tells. Exact, from plays_by_user.
-- group: Listeners
-- chart: bar x=browser y=plays other=sum
-- rows: songplays WHERE :browser = CASE WHEN user_agent LIKE '%Firefox/%' THEN 'Firefox'
-- rows: WHEN user_agent LIKE '%Chrome/%' THEN 'Chrome'
-- rows: WHEN user_agent LIKE '%iPhone%' OR user_agent LIKE '%iPad%' THEN 'Safari on iOS'
-- rows: WHEN user_agent LIKE '%Safari/%' THEN 'Safari'
-- rows: WHEN user_agent LIKE '%MSIE %' OR user_agent LIKE '%Trident/%' THEN 'Internet Explorer'
-- rows: WHEN user_agent IS NULL THEN 'not known' ELSE 'other' END ORDER BY songplay_id
SELECT
  CASE
    WHEN user_agent LIKE '%Firefox/%' THEN 'Firefox'
    WHEN user_agent LIKE '%Chrome/%' THEN 'Chrome'
    WHEN user_agent LIKE '%iPhone%' OR user_agent LIKE '%iPad%' THEN 'Safari on iOS'
    WHEN user_agent LIKE '%Safari/%' THEN 'Safari'
    WHEN user_agent LIKE '%MSIE %' OR user_agent LIKE '%Trident/%' THEN 'Internet Explorer'
    WHEN user_agent IS NULL THEN 'not known'
    ELSE 'other'
  END AS browser,
  CAST(sum(plays) AS BIGINT) AS plays, count(DISTINCT user_id) AS listeners
FROM plays_by_user
GROUP BY 1
ORDER BY plays DESC, browser
