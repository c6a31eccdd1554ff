-- สิ่งที่ข่าวระบุวันไว้ ตามวันและสถานที่ · Dates in articles, by day and place
-- since และ until: วันของกิจกรรม place: จังหวัดหรือสถานที่
-- ถ้าไม่ใส่จะแสดงสิ่งที่ข่าวระบุวันไว้ในสัปดาห์ก่อนข่าวใหม่สุด ทุกแห่ง เฉพาะวันที่ระบุถึงวัน
--
-- since and until: days that are mentioned; place: a province or venue. Default: dates in the week before the
-- newest article, anywhere. Only dates precise to the day.
SELECT d.start_on, nullif(d.end_on, d.start_on) AS end_on, thai_date(d.start_on) AS thai_date,
       d.start_time, d.text AS as_written, a.title, a.id AS article_id
FROM date_mentions d JOIN articles a ON a.id = d.article_id
WHERE d.start_on >= coalesce(iso_date(:since), date((SELECT max(published_on) FROM articles), '-7 days'))
  AND d.start_on <= coalesce(iso_end(:until), (SELECT max(published_on) FROM articles))
  AND d.precision = 'day'
  AND (coalesce(:place, '') = '' OR +a.id IN (
    SELECT rowid FROM articles_fts WHERE articles_fts MATCH '"' || replace(:place, '"', '""') || '"'))
GROUP BY d.article_id, d.start_on, d.end_on
ORDER BY d.start_on, d.start_time LIMIT 500
