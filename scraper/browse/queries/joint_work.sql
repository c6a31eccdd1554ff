-- กระทรวงที่อยู่ในข่าวเดียวกัน · Ministries in one article
-- since และ until: วันตามศักราชใดก็ได้ ถ้าไม่ใส่ใช้สิบสองเดือนล่าสุด
-- แสดงคู่กระทรวงที่อยู่ในข่าวเดียวกัน และวันของข่าวใหม่สุดในนั้น
--
-- since and until: dates in either era; default: the last twelve months. Pairs of ministries in
-- the same articles, and the date of the newest.
SELECT m.name_th AS ministry, n.name_th AS and_ministry, count(*) AS articles,
       max(a.published_on) AS last
FROM articles a
CROSS JOIN article_ministries x ON x.article_id = a.id
CROSS JOIN article_ministries y ON y.article_id = a.id AND y.ministry > x.ministry
JOIN ministries m ON m.slug = x.ministry
JOIN ministries n ON n.slug = y.ministry
WHERE a.published_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-1 year'))
  AND a.published_on <= coalesce(iso_end(:until), '9999')
GROUP BY x.ministry, y.ministry ORDER BY articles DESC LIMIT 200
