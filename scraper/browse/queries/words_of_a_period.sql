-- คำเด่นของช่วงเวลา · Words of a period against the period before
-- since และ until: วันตามศักราชใดก็ได้ ถ้าไม่ใส่ใช้ 30 วันล่าสุด
-- คำที่พบในสัดส่วนข่าวมากกว่าช่วงก่อนหน้าที่ยาวเท่ากัน ไม่รวมคำตัวอักษรเดียวและคำที่พบน้อย
--
-- since and until: dates in either era; default: the last 30 days. Words that occur in a
-- larger share of articles than in as many days before; single letters and rare words are left out.
WITH span AS (
  SELECT since, until, date(since, '-' || (julianday(until) - julianday(since) + 1) || ' days') AS before
  FROM (
    SELECT coalesce(iso_date(:since), date(max(published_on), '-29 days')) AS since,
           coalesce(iso_end(:until), max(published_on)) AS until FROM articles
  )
),
late AS MATERIALIZED (
  SELECT count(*) AS n, word_counts(w.words) AS counts
  FROM span CROSS JOIN articles a CROSS JOIN article_words w ON w.article_id = a.id
  WHERE a.published_on BETWEEN span.since AND span.until
),
early AS MATERIALIZED (
  SELECT count(*) AS n, word_counts(w.words) AS counts
  FROM span CROSS JOIN articles a CROSS JOIN article_words w ON w.article_id = a.id
  WHERE a.published_on >= span.before AND a.published_on < span.since
),
early_words AS MATERIALIZED (
  SELECT e.key AS word, e.value AS articles FROM early, json_each(early.counts) e
)
SELECT l.key AS word, l.value AS articles, coalesce(e.articles, 0) AS articles_before,
       round((1.0 * l.value / late.n) / ((coalesce(e.articles, 0) + 1.0) / (early.n + 1)), 2) AS times
FROM late CROSS JOIN early CROSS JOIN json_each(late.counts) l
LEFT JOIN early_words e ON e.word = l.key
WHERE l.value >= 5 AND length(l.key) > 1 AND l.key NOT GLOB '[0-9]*'
ORDER BY times DESC LIMIT 100
