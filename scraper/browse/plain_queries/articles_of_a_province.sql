-- ข่าวของจังหวัด · Articles of a province
-- province: ชื่อภาษาไทยหรืออังกฤษ หรือรหัส เช่น TH-20 ถ้าไม่ใส่แสดงทุกจังหวัด ข่าวใหม่ก่อน
--
-- province: its Thai or English name, or its code, such as TH-20; default: all. Newest first, with
-- the places of it that the article names.
SELECT a.published_on, v.name_th AS province, group_concat(DISTINCT m.name_th) AS places,
       a.title, a.url, a.id AS article_id
FROM provinces v
JOIN place_mentions m ON m.province = v.code
JOIN articles a ON a.id = m.article_id
WHERE coalesce(:province, '') IN ('', v.name_th, v.name_en, v.code)
GROUP BY v.code, a.id ORDER BY a.published_on DESC LIMIT 500
