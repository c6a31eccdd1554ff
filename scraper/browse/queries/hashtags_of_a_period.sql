-- แฮชแท็กของช่วงเวลา · Hashtags of a period
-- since และ until: วันตามศักราชใดก็ได้ ถ้าไม่ใส่ใช้ 90 วันล่าสุด
--
-- since and until: dates in either era; default: the last 90 days.
SELECT h.tag, count(*) AS articles, min(a.published_on) AS first, max(a.published_on) AS last
FROM articles a JOIN hashtags h ON h.article_id = a.id
WHERE a.published_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-90 days'))
  AND a.published_on <= coalesce(iso_end(:until), '9999')
GROUP BY h.tag ORDER BY articles DESC, h.tag LIMIT 200
