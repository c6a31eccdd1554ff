-- ช่วงหมายเลขที่ขาด · Gaps in coverage, by number
-- least: ช่วงสั้นที่สุดที่จะแสดง ถ้าไม่ใส่คือ 2 หมายเลขอาจขาดเพราะเว็บไซต์ไม่เคยใช้ ลบไปแล้ว
-- หรือไม่มีใครเก็บสำเนาไว้
--
-- least: length of the shortest gap to show; default: 2. Numbers may be missing because the site never
-- used them or removed them, or because no copy was kept.
SELECT site, layout, before + 1 AS first_absent, site_id - 1 AS last_absent,
       site_id - before - 1 AS numbers
FROM (
  SELECT site, layout, site_id,
         lag(site_id) OVER (PARTITION BY site, layout ORDER BY site_id) AS before
  FROM articles
)
WHERE numbers >= CAST(coalesce(nullif(:least, ''), '2') AS INTEGER)
ORDER BY numbers DESC LIMIT 500
