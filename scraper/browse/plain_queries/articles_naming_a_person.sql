-- ข่าวที่มีชื่อบุคคล · Articles that name a person
-- name: ชื่อและนามสกุล หรือส่วนหนึ่ง โดยไม่มีคำนำหน้า ถ้าไม่ใส่แสดงทุกคน ข่าวใหม่ก่อน
--
-- name: first name and surname without title, or a part of them; default: everybody. Newest
-- articles first, with the post that each gives.
SELECT a.published_on, p.name, max(m.post) AS post, a.title, a.url, a.id AS article_id
FROM people p
JOIN person_mentions m ON m.person = p.id
JOIN articles a ON a.id = m.article_id
WHERE coalesce(:name, '') = '' OR instr(p.name, trim(:name)) > 0
GROUP BY p.id, a.id
ORDER BY a.published_on DESC LIMIT 500
