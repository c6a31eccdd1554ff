-- วันที่ไม่มีข่าว · Days without news
-- ช่วงวันระหว่างสองข่าว least: จำนวนวันน้อยที่สุดที่จะแสดง ถ้าไม่ใส่คือ 1
--
-- Runs of days between two articles; least: length in days of the shortest run to show; default: 1.
SELECT date(before, '+1 day') AS first_day, date(published_on, '-1 day') AS last_day,
       CAST(julianday(published_on) - julianday(before) AS INTEGER) - 1 AS days,
       thai_date(date(before, '+1 day')) AS first_day_thai
FROM (
  SELECT published_on, lag(published_on) OVER (ORDER BY published_on) AS before
  FROM (SELECT DISTINCT published_on FROM articles WHERE published_on IS NOT NULL)
)
WHERE days >= CAST(coalesce(nullif(:least, ''), '1') AS INTEGER)
ORDER BY first_day DESC LIMIT 500
