-- ข่าวรายเดือนของแต่ละกระทรวง · Articles per ministry and month
-- since และ until: วันตามศักราชใดก็ได้ เช่น 2568-01-01 ถ้าไม่ใส่ใช้สิบสองเดือนล่าสุด
-- นับตามกระทรวงหลักของข่าว
--
-- since and until: dates in either era, such as 2568-01-01; default: the last twelve months.
-- Counted by the first ministry of each article.
SELECT substr(t.published_on, 1, 7) AS month, coalesce(m.name_th, '(ไม่ระบุ)') AS ministry,
       m.name_en AS ministry_en, t.articles
FROM (
  SELECT ministry, substr(published_on, 1, 7) || '-01' AS published_on, count(*) AS articles
  FROM articles
  WHERE published_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-1 year'))
    AND published_on <= coalesce(iso_end(:until), '9999')
  GROUP BY 1, 2
) t LEFT JOIN ministries m ON m.slug = t.ministry
ORDER BY month DESC, articles DESC
