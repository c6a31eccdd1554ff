-- สำเนาที่จับไว้ รายเดือนตามแหล่งที่มา · Captures by source, outcome and month
-- แต่ละเดือนได้สำเนาจากแหล่งใดเท่าใด และผลเป็นอย่างไร
--
-- Number of captures per month from each source, by outcome.
SELECT substr(fetched_at, 1, 7) AS month, origin, coalesce(outcome, '(waiting)') AS outcome,
       count(*) AS captures, round(sum(warc_length) / 1e6, 1) AS megabytes
FROM captures GROUP BY 1, 2, 3 ORDER BY month DESC, captures DESC LIMIT 500
