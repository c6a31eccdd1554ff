-- วันที่น่าสงสัยในข่าว · Doubtful dates in the texts
-- flag: ข้อสงสัยชนิดเดียว เช่น impossible หรือ wrong-weekday ถ้าไม่ใส่จะแสดงทุกชนิด วิธีตัดสินอยู่ใน
-- docs/dates.md
--
-- flag: one kind, such as impossible or wrong-weekday; default: all. See docs/dates.md for how they
-- are detected.
SELECT d.flags, d.text AS as_written, d.start_on AS read_as, a.published_on, a.title, a.id AS article_id
FROM date_mentions d JOIN articles a ON a.id = d.article_id
WHERE d.flags <> '' AND (coalesce(:flag, '') = '' OR ' ' || d.flags || ' ' LIKE '% ' || :flag || ' %')
ORDER BY d.article_id DESC LIMIT 500
