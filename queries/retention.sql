-- title: Retention by week
-- about: Of the users first heard in a week, how many came back so many weeks later. Exact, from
-- about: listeners_by_week.
-- group: Listeners
-- chart: heatmap x=weeks_later y=first_week value=listeners
SELECT first_week, (week - first_week) / 7 AS weeks_later, listeners
FROM listeners_by_week
ORDER BY first_week, week
