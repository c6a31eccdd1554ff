-- ข่าวที่เพิ่งถูกแก้ไข · Latest edits
-- ข่าวที่เปลี่ยนล่าสุด พร้อมหัวข้อก่อนและหลัง หน้าของข่าวแสดงว่าคำใดเปลี่ยน
--
-- The most recently changed articles, with the headline before and after. The page of an article shows
-- what changed, word by word.
SELECT a.changed_at, a.revision AS version, a.title, nullif(r.title, a.title) AS title_before, a.id AS article_id
FROM (SELECT article_id, max(revision) AS revision FROM article_revisions GROUP BY article_id) l
JOIN article_revisions r ON r.article_id = l.article_id AND r.revision = l.revision
JOIN articles a ON a.id = l.article_id
ORDER BY a.changed_at DESC LIMIT 200
