-- ช่องทางที่ข่าวเตือนให้ระวัง · Contacts that articles warn of
-- หมายเลขโทรศัพท์ เว็บไซต์ และบัญชีที่ข่าวเตือนว่าหลอกลวง ข่าวใหม่ก่อน
--
-- Telephone numbers, sites and accounts that an article calls fraudulent, newest first.
SELECT a.published_on, c.kind, c.value, a.title, a.url, a.id AS article_id
FROM contacts c JOIN articles a ON a.id = c.article_id
WHERE c.warned = 1 ORDER BY a.published_on DESC LIMIT 500
