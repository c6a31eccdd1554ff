-- กิจกรรมรายวัน · Events by day
-- since และ until: วันของกิจกรรม ถ้าไม่ใส่แสดงทุกวัน province: ชื่อจังหวัด กิจกรรมล่าสุดก่อน
--
-- since and until: days of the event; default: all. province: its Thai or English name.
-- The latest events first.
SELECT e.start_on, nullif(e.end_on, e.start_on) AS end_on, e.start_time, e.place,
       v.name_th AS province, p.name AS led_by, a.title, a.url, e.article_id
FROM events e
JOIN articles a ON a.id = e.article_id
LEFT JOIN provinces v ON v.code = e.province
LEFT JOIN people p ON p.id = e.person
WHERE e.start_on >= coalesce(iso_date(:since), '') AND e.start_on <= coalesce(iso_end(:until), '9999')
  AND (coalesce(:province, '') = '' OR :province IN (v.name_th, v.name_en, v.code))
ORDER BY e.start_on DESC, e.start_time LIMIT 500
