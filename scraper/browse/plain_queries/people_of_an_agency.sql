-- บุคคลและตำแหน่งของหน่วยงาน · People and posts of an agency
-- agency: ชื่อ ชื่อย่อ หรือ slug ของหน่วยงาน เช่น กรอ. ถ้าไม่ใส่แสดงทุกหน่วยงาน
-- นับข่าวที่เขียนตำแหน่งนั้นไว้ข้างชื่อ
--
-- agency: its Thai name, abbreviation or slug, such as กรอ. or diw; default: all. Counts the
-- articles that give the post beside the name.
SELECT p.name, m.post, g.name_th AS agency, count(DISTINCT m.article_id) AS articles,
       min(a.published_on) AS first_on, max(a.published_on) AS last_on
FROM person_mentions m
JOIN people p ON p.id = m.person
JOIN agencies g ON g.slug = m.agency
JOIN articles a ON a.id = m.article_id
WHERE m.agency IN (
  SELECT slug FROM agencies WHERE coalesce(:agency, '') IN ('', slug, abbreviation, name_th)
) AND m.post IS NOT NULL
GROUP BY m.person, m.post, m.agency
ORDER BY last_on DESC, articles DESC LIMIT 500
