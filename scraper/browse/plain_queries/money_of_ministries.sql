-- จำนวนเงินของแต่ละกระทรวง · Money by ministry and year
-- year: ปี ค.ศ. หรือ พ.ศ. ถ้าไม่ใส่แสดงทุกปี currency: รหัสสกุลเงิน ถ้าไม่ใส่ใช้ THB
-- largest คือจำนวนมากที่สุดที่ข่าวกล่าวถึง ไม่ใช่ผลรวม
--
-- year: common or Buddhist era; default: all. currency: its ISO code; default: THB.
-- largest is the highest amount that an article mentions, not a sum.
SELECT y.year, coalesce(m.name_th, '(ไม่ระบุ)') AS ministry, m.name_en AS ministry_en,
       y.articles, y.mentions, y.largest, y.currency
FROM money_by_ministry y LEFT JOIN ministries m ON m.slug = y.ministry
WHERE y.currency = upper(coalesce(nullif(:currency, ''), 'THB'))
  AND y.year = coalesce(iso_date(:year), y.year)
ORDER BY y.year DESC, y.articles DESC
