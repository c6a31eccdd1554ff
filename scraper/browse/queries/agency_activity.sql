-- ข่าวรายเดือนของแต่ละหน่วยงาน · Articles per agency and month
-- since และ until: วันตามศักราชใดก็ได้ ถ้าไม่ใส่ใช้สิบสองเดือนล่าสุด agency: ชื่อ ชื่อย่อ หรือ slug ของหน่วยงาน
-- ถ้าไม่ใส่แสดงทุกหน่วยงาน headlines คือข่าวที่มีชื่อหน่วยงานในหัวข้อ
--
-- since and until: dates in either era; default: the last twelve months. agency: its Thai name,
-- abbreviation or slug, such as กสอ. or diprom; default: all. Shows the articles that name it, the
-- number of mentions, and how many name it in the headline.
SELECT t.month, n.name_th AS agency, n.name_en AS agency_en, t.articles, t.mentions, t.headlines
FROM (
  SELECT substr(a.published_on, 1, 7) AS month, g.agency, count(*) AS articles,
         sum(g.mentions) AS mentions, sum(g.evidence LIKE 'title:%') AS headlines
  FROM articles a CROSS JOIN article_agencies g ON g.article_id = a.id
  WHERE a.published_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-1 year'))
    AND a.published_on <= coalesce(iso_end(:until), '9999')
    AND (coalesce(:agency, '') = '' OR g.agency IN (
      SELECT slug FROM agencies WHERE :agency IN (slug, abbreviation, name_th)))
  GROUP BY 1, 2
) t JOIN agencies n ON n.slug = t.agency
ORDER BY t.month DESC, t.articles DESC, n.slug
