-- จำนวนเงินที่มากที่สุด · Largest amounts of money
-- since และ until: วันที่เผยแพร่ ถ้าไม่ใส่แสดงทุกวัน currency: รหัสสกุลเงิน ถ้าไม่ใส่ใช้ THB
--
-- since and until: days of publication; default: all. currency: its ISO code; default: THB.
-- Amounts as the articles write them, the largest first; per tells the unit they are for.
SELECT m.low, m.high, m.text AS as_written, m.per, a.published_on, a.ministry, a.title,
       a.id AS article_id
FROM money_mentions m JOIN articles a ON a.id = m.article_id
WHERE m.currency = upper(coalesce(nullif(:currency, ''), 'THB'))
  AND coalesce(a.published_on, '') >= coalesce(iso_date(:since), '')
  AND coalesce(a.published_on, '') <= coalesce(iso_end(:until), '9999')
ORDER BY m.low DESC LIMIT 500
