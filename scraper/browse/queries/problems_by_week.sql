-- ข้อสังเกตในการอ่านหน้า รายสัปดาห์ · Parse problems by week
-- สิ่งที่ตัวอ่านหน้าและขั้นตอนต่าง ๆ สังเกตเห็น ตามสัปดาห์ของการทำงานที่พบ
-- พร้อมตัวอย่างหนึ่งหน้าของแต่ละชนิด
--
-- What parsers and stages noted, by the week of the run that noted it, with one example of each kind.
SELECT date(r.started_at, '-6 days', 'weekday 1') AS week, p.stage, p.kind, count(*) AS problems,
       max(p.url) AS example
FROM problems p JOIN runs r ON r.id = p.run_id
GROUP BY 1, 2, 3 ORDER BY week DESC, problems DESC LIMIT 500
