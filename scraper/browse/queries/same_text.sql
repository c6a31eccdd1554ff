-- ข่าวที่มีข้อความเดียวกัน · The same text under several numbers
-- เนื้อหาที่เหมือนกันนอกจากช่องว่าง เชื่อมถึงกันแต่ไม่รวมกัน เพราะอาจมีผู้อ้างถึงหมายเลขใดก็ได้
--
-- Articles whose bodies differ only in white space. They are linked, never merged: each may be cited.
SELECT a.published_on, a.title, d.url, o.title AS title_of_first, d.duplicate_of_url, d.article_id
FROM duplicates d
JOIN articles a ON a.id = d.article_id
JOIN articles o ON o.id = d.duplicate_of
ORDER BY a.published_on DESC LIMIT 500
