-- ค้นข้อความ · Search the texts
-- term: ส่วนใดของข้อความก็ได้ คำที่สั้นกว่าสามตัวอักษรค้นเป็นทั้งคำ ถ้าไม่ใส่ใช้คำว่า โรงงาน ข่าวใหม่ก่อน
--
-- term: any text; one shorter than three letters is looked up as a whole word; default: โรงงาน.
-- Newest articles first.
SELECT a.published_on, a.ministry, a.title, a.url, a.id AS article_id
FROM articles a
WHERE +a.id IN (
  SELECT rowid FROM articles_fts
  WHERE articles_fts MATCH '"' || replace(coalesce(nullif(:term, ''), 'โรงงาน'), '"', '""') || '"'
  UNION ALL
  SELECT rowid FROM article_words_fts
  WHERE article_words_fts MATCH '"' || replace(coalesce(nullif(:term, ''), 'โรงงาน'), '"', '""') || '"'
    AND length(:term) BETWEEN 1 AND 2
)
ORDER BY a.published_on DESC LIMIT 500
