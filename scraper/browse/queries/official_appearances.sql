-- ข่าวที่กล่าวถึงบุคคล · An official's appearances by name
-- name: ชื่อหรือตำแหน่งตามที่เขียน สามตัวอักษรขึ้นไป ถ้าไม่ใส่ใช้คำว่า ปลัดกระทรวง ข่าวใหม่ก่อน
-- พร้อมกระทรวงของข่าว
--
-- name: a name or title as written, three letters or more; default: ปลัดกระทรวง.
-- Newest first, with the ministry of each article.
SELECT a.published_on, thai_date(a.published_on) AS thai_date, m.name_th AS ministry, a.title, a.id AS article_id
FROM articles a LEFT JOIN ministries m ON m.slug = a.ministry
WHERE a.id IN (
  SELECT rowid FROM articles_fts
  WHERE articles_fts MATCH '"' || replace(coalesce(nullif(:name, ''), 'ปลัดกระทรวง'), '"', '""') || '"'
  ORDER BY rowid DESC LIMIT 1000
)
ORDER BY a.published_on DESC
