"""The text index of superseded versions, which finds text that was deleted since.

FTS5 needs a stable integer for each row, and ``article_revisions`` has none: ``VACUUM`` may change
its rowids. So a view computes one from the key, and the index takes its texts from that view.
"""

MOST_REVISIONS = 100_000  # of an article; a number has room for as many
REVISION_NUMBER = f"article_id * {MOST_REVISIONS} + revision"

_TEXTS = ("title", "lead", "body", "tail")
_NAMES = ", ".join(_TEXTS)


def _changed(row: str) -> str:
    """Return the values of a row in a trigger: its number and texts."""
    number = f"{row}.article_id * {MOST_REVISIONS} + {row}.revision"
    return ", ".join([number, *(f"{row}.{name}" for name in _TEXTS)])


_ADD = f"INSERT INTO article_revisions_fts(rowid, {_NAMES}) VALUES ({_changed('new')});"
_REMOVE = (
    "INSERT INTO article_revisions_fts(article_revisions_fts, rowid, "
    f"{_NAMES}) VALUES ('delete', {_changed('old')});"
)
_DIFFERS = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _TEXTS)

REVISION_INDEX = (
    f"""CREATE VIEW _revision_texts AS
        SELECT {REVISION_NUMBER} AS id, article_id, revision, {_NAMES}
        FROM article_revisions""",
    f"""CREATE VIRTUAL TABLE article_revisions_fts USING fts5({_NAMES},
        content="_revision_texts", content_rowid='id', tokenize='trigram')""",
    f"""CREATE TRIGGER article_revisions_fts_insert AFTER INSERT ON article_revisions
        BEGIN {_ADD} END""",
    f"""CREATE TRIGGER article_revisions_fts_delete AFTER DELETE ON article_revisions
        BEGIN {_REMOVE} END""",
    f"""CREATE TRIGGER article_revisions_fts_update AFTER UPDATE OF {_NAMES} ON article_revisions
        WHEN {_DIFFERS} BEGIN {_REMOVE} {_ADD} END""",
    "INSERT INTO article_revisions_fts(article_revisions_fts) VALUES ('rebuild')",
)
