-- ข่าวใหม่ของกระทรวง · Newest articles of a ministry
-- ministry: ชื่อ ชื่อย่อ หรือ slug ของกระทรวง เช่น อก. ถ้าไม่ใส่ใช้กระทรวงอุตสาหกรรม
--
-- ministry: its Thai name, abbreviation or slug, such as อก. or industry; default: industry.
-- Articles that are about it, also if another ministry comes first.
SELECT a.published_on, a.category, a.title, a.url, a.id AS article_id
FROM article_ministries g JOIN articles a ON a.id = g.article_id
WHERE g.ministry IN (
  SELECT slug FROM ministries
  WHERE coalesce(nullif(:ministry, ''), 'industry') IN (slug, abbreviation, name_th)
)
ORDER BY a.published_on DESC LIMIT 500
