"""The project's promises on real articles, which stay outside the repository."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.search.conditions import quoted
from scraper.thai.text import squash
from tests.archive_dump import assert_sound, content
from tests.changed import OTHER_PARSER, changed, fields
from tests.commands import thaigov, thaigov_json

if TYPE_CHECKING:
    from pathlib import Path

TARBALLS = {  # name: (files, of which missing pages, files without an address)
    "thaigov-v1-sample": (400, 0, 1),
    "thaigov-v1-whitespace-sample": (200, 0, 0),
    "thaigov-v2-sample": (3000, 2, 0),
}
SEEDS = {
    99987: "2025-08-21",
    35438: "2020-09-26",
    68179: "2023-05-13",
    94392: "2025-03-15",
    87574: "2024-08-29",
}
TERMS = [
    "นายกรัฐมนตรี",
    "กระทรวงอุตสาหกรรม",
    "อุตสาหกรรม",
    "ดีพร้อม",
    "โรงงาน",
    "น้ำตาล",
    "อ้อย",
    "เหมือง",
    "ผู้ประกอบการ",
    "ชุมชน",
    "จังหวัด",
    "ปลัด",
    "รัฐมนตรี",
    "ครั้ง",
    "น้ำ",
    "ข้าว",
    "สมอ.",
    "มอก.",
    "พ.ร.บ.",
    "SME",
    "Zoom",
    "วันนี้",
    "2567",
    "๒๕๖๘",
    "ที่",
]


@pytest.fixture(scope="module")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Import every tarball into an archive of its own; return paths and run rows."""
    found = {}
    for name in TARBALLS:
        db = tmp_path_factory.mktemp(name) / "thaigov.db"
        run = thaigov_json("import", "corpus", shared / "corpus" / f"{name}.tar.gz", "--db", db)
        found[name] = {"db": db, "run": run}
    return found


def test_seeds(shared: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    thaigov("import", "corpus", shared / "seeds", "--db", db)
    with closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        articles = list(connection.execute("SELECT * FROM articles"))
        assert {row["site_id"]: row["published_on"] for row in articles} == SEEDS
        assert {row["ministry"] for row in articles} == {"industry"}
        for row in articles:
            lines = row["body"].split("\n")
            assert row["title"] not in row["body"]
            assert (row["lead"] or "") != row["title"]
            assert not any(squash(line) == squash(row["title"]) for line in lines)
            assert not any(line.startswith(("พิมพ์", "ที่มา :")) for line in lines)
            assert row["published_raw"] not in lines
            assert len(lines) >= 2
    before = content(db)
    seen = last_seen(db)
    thaigov("import", "corpus", shared / "seeds", "--db", db)
    assert content(db) == before
    assert last_seen(db) >= seen


def last_seen(db: Path) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute("SELECT last_seen_at FROM articles ORDER BY url").fetchall()


@pytest.mark.parametrize("name", TARBALLS)
def test_every_file_is_an_article_or_a_named_problem(imported: dict[str, Any], name: str) -> None:
    db, run = imported[name]["db"], imported[name]["run"]
    files, missing, unparsed = TARBALLS[name]
    assert run["captures"] == files
    assert (run["new"], run["missing"], run["unparsed"]) == (
        files - missing - unparsed,
        missing,
        unparsed,
    )
    with closing(sqlite3.connect(db)) as connection:
        unnamed = connection.execute(
            "SELECT count(*) FROM captures c WHERE outcome = 'unparsed' "
            "AND NOT EXISTS (SELECT 1 FROM problems p WHERE p.capture_id = c.id)"
        ).fetchone()
    assert unnamed == (0,)
    assert_sound(db)


def test_the_index_finds_exactly_what_the_text_contains(imported: dict[str, Any]) -> None:
    with closing(sqlite3.connect(imported["thaigov-v2-sample"]["db"])) as connection:
        articles = connection.execute(
            "SELECT id, title, coalesce(lead, ''), body FROM articles"
        ).fetchall()
        texts = {row[0]: [part.lower() for part in row[1:]] for row in articles}
        chance = random.Random(2568)
        queries = list(TERMS)
        while len(queries) < 60:
            body = chance.choice(articles)[3]
            start = chance.randrange(max(1, len(body) - 20))
            piece = body[start : start + chance.randint(3, 15)].split("\n")[0]
            if len(piece) >= 3:
                queries.append(piece)
        for query in queries:
            found = connection.execute(
                "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [quoted(query)]
            )
            wanted = {
                article
                for article, parts in texts.items()
                if any(query.lower() in part for part in parts)
            }
            assert {row[0] for row in found} == wanted, query


def test_dates_are_of_this_world(imported: dict[str, Any]) -> None:
    with closing(sqlite3.connect(imported["thaigov-v2-sample"]["db"])) as connection:
        first, last = connection.execute(
            "SELECT min(published_on), max(published_on) FROM articles"
        ).fetchone()
        unread = connection.execute(
            "SELECT count(*) FROM articles WHERE published_on IS NULL"
        ).fetchone()
        off = connection.execute(
            "SELECT count(*) FROM date_mentions WHERE start_on > end_on"
        ).fetchone()
    assert ("2020-08-01" < first < last < "2025-09-09", unread, off) == (True, (0,), (0,))


def test_reparse_tells_a_change_field_by_field_and_none_without(
    imported: dict[str, Any], tmp_path: Path
) -> None:
    db = imported["thaigov-v2-sample"]["db"]
    before = thaigov_json("reparse", "--dry-run", "--db", db)
    assert (before["captures"], before["articles"]["unchanged"], before["fields"]) == (
        3000,
        2998,
        [],
    )
    told = fields(changed(tmp_path, OTHER_PARSER, "--dry-run", "--db", db))
    assert told["category"] == told["parser"] == 2998
    assert 0 < told["date_mentions"] <= told["article_words"] <= told["body"] < 2998
    assert not {"title", "published_on", "versions"} & set(told)
    assert thaigov_json("verify", "--db", db)["sound"]
