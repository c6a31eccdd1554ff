-- หน่วยงานที่อยู่ในข่าวเดียวกัน · Agencies in one article
-- since และ until: วันตามศักราชใดก็ได้ ถ้าไม่ใส่ใช้สิบสองเดือนล่าสุด agency: ชื่อ ชื่อย่อ หรือ slug ของหน่วยงาน
-- แสดงหน่วยงานที่อยู่ในข่าวเดียวกับหน่วยงานนี้ ถ้าไม่ใส่แสดงทุกคู่ ไม่นับข่าวที่กล่าวถึงเกินสิบหน่วยงาน
--
-- since and until: dates in either era; default: the last twelve months. agency: its Thai name,
-- abbreviation or slug, such as กสอ. or diprom. Shows agencies named in the same articles; without
-- agency, all pairs. Articles that name more than ten, such as cabinet summaries, are left out.
SELECT m.name_th AS agency, n.name_th AS and_agency, count(*) AS articles, max(a.published_on) AS last
FROM articles a
CROSS JOIN article_agencies x ON x.article_id = a.id
CROSS JOIN article_agencies y ON y.article_id = a.id
JOIN agencies m ON m.slug = x.agency
JOIN agencies n ON n.slug = y.agency
WHERE a.published_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-1 year'))
  AND a.published_on <= coalesce(iso_end(:until), '9999')
  AND CASE coalesce(:agency, '') WHEN '' THEN x.agency < y.agency
      ELSE x.agency <> y.agency AND :agency IN (m.slug, m.abbreviation, m.name_th) END
  AND (SELECT count(*) FROM article_agencies c WHERE c.article_id = a.id) <= 10
GROUP BY x.agency, y.agency ORDER BY articles DESC, last DESC LIMIT 200
