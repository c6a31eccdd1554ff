-- คำนี้ใช้ครั้งแรกเมื่อใด · First use of a term
-- term: ส่วนใดของข้อความก็ได้ที่ยาวสามตัวอักษรขึ้นไป คำที่สั้นกว่านั้นหาเป็นคำทั้งคำ ถ้าไม่ใส่ใช้คำว่า โรงงาน
-- แสดงข่าวเก่าที่สุดยี่สิบข่าวที่มีคำนี้
--
-- term: any text of three letters or more; a shorter one is looked up as a whole word; default:
-- โรงงาน. Shows the twenty oldest articles that contain it.
WITH asked AS (
  SELECT length(term) AS length, '"' || replace(term, '"', '""') || '"' AS quoted
  FROM (SELECT coalesce(nullif(trim(:term), ''), 'โรงงาน') AS term)
)
SELECT a.published_on, thai_date(a.published_on) AS thai_date, m.name_th AS ministry, a.title, a.id AS article_id
FROM articles a LEFT JOIN ministries m ON m.slug = a.ministry
WHERE +a.id IN (
  SELECT rowid FROM articles_fts WHERE articles_fts MATCH (SELECT quoted FROM asked)
  UNION ALL
  SELECT rowid FROM article_words_fts
  WHERE article_words_fts MATCH (SELECT CASE WHEN length < 3 THEN quoted ELSE '""' END FROM asked)
) AND a.published_on IS NOT NULL
ORDER BY a.published_on LIMIT 20
