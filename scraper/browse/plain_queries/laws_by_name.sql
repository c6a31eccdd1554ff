-- กฎหมายในข่าว · Laws by number of articles
-- name: ส่วนหนึ่งของชื่อกฎหมาย ถ้าไม่ใส่แสดงทุกฉบับ เรียงตามจำนวนข่าว
--
-- name: a part of the law's name; default: all. Those in the most articles first.
SELECT m.name, m.kind, count(DISTINCT m.article_id) AS articles,
       min(a.published_on) AS first_on, max(a.published_on) AS last_on
FROM law_mentions m JOIN articles a ON a.id = m.article_id
WHERE coalesce(:name, '') = '' OR instr(m.name, trim(:name)) > 0
GROUP BY m.name, m.kind ORDER BY articles DESC, last_on DESC LIMIT 500
