-- กระทรวงใดแก้ข่าวหลังเผยแพร่ · Who edits after publication
-- แต่ละกระทรวงมีข่าวเท่าใด แก้ไขหลังเห็นครั้งแรกเท่าใด และแก้หลังเผยแพร่เฉลี่ยกี่วัน
--
-- For each ministry: number of articles, how many changed after they were first seen, and after how
-- many days on average.
SELECT coalesce(m.name_th, '(ไม่ระบุ)') AS ministry, m.name_en AS ministry_en, t.articles,
       coalesce(e.edited, 0) AS edited, round(100.0 * coalesce(e.edited, 0) / t.articles, 2) AS percent,
       e.days AS mean_days
FROM (SELECT ministry, count(*) AS articles FROM articles GROUP BY ministry) t
LEFT JOIN (
  SELECT a.ministry, count(*) AS edited,
         round(avg(julianday(a.changed_at) - julianday(a.published_on)), 1) AS days
  FROM articles a WHERE a.id IN (SELECT article_id FROM article_revisions) GROUP BY a.ministry
) e ON e.ministry IS t.ministry
LEFT JOIN ministries m ON m.slug = t.ministry
ORDER BY percent DESC, articles DESC
