"""The view by which SQL counts words: it reads the word index, so nothing is stored twice."""

WORD_COUNTS = (
    "CREATE VIRTUAL TABLE _word_places USING fts5vocab(article_words_fts, instance)",
    # With `WHERE word = …`, only that word's occurrences are read.
    """
    CREATE VIEW words_by_month AS
    SELECT w.term AS word, substr(a.published_on, 1, 7) AS month, a.ministry,
           count(DISTINCT w.doc) AS articles, count(*) AS occurrences
    FROM _word_places w JOIN articles a ON a.id = w.doc
    GROUP BY w.term, substr(a.published_on, 1, 7), a.ministry
    """,
)
