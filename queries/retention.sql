-- title: Retention by week
-- about: Of the users first heard in a week, how many came back so many weeks later. Exact, from
-- about: listeners_by_week.
-- group: Listeners
-- chart: heatmap x=weeks_later y=first_week value=listeners
-- rows: users WHERE user_id IN (SELECT user_id FROM songplays WHERE start_time >=
-- rows: CAST(:first_week AS DATE) + 7 * CAST(:weeks_later AS INTEGER) AND start_time <
-- rows: CAST(:first_week AS DATE) + 7 * CAST(:weeks_later AS INTEGER) + 7)
-- rows: AND user_id IN (SELECT user_id FROM songplays GROUP BY user_id
-- rows: HAVING min(start_time) >= CAST(:first_week AS DATE)
-- rows: AND min(start_time) < CAST(:first_week AS DATE) + 7) ORDER BY user_id
SELECT first_week, (week - first_week) / 7 AS weeks_later, listeners
FROM listeners_by_week
ORDER BY first_week, week
