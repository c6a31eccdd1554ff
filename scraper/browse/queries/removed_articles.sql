-- ข่าวที่เว็บไซต์ลบไปแล้ว · Articles the site has removed
-- หน้าที่ขอแล้วไม่มีอยู่อีก ตามสำเนาที่แสดงเช่นนั้น ข้อความยังอยู่ที่นี่
--
-- Articles whose pages no longer existed when fetched again; their text is kept here.
SELECT a.gone_at, a.published_on, thai_date(a.published_on) AS thai_date,
       CAST(julianday(a.gone_at) - julianday(a.published_on) AS INTEGER) AS days_online,
       a.title, a.url, a.id AS article_id
FROM articles a
WHERE a.gone_at IS NOT NULL
ORDER BY a.gone_at DESC LIMIT 500
