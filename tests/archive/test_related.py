"""Related articles do not depend on the order in which articles arrive, or on killed runs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.database import open_for_writing
from scraper.archive.related import (
    NEIGHBOURS,
    compare_articles,
    pack,
    place_of,
    rebuild_related,
)
from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming
from scraper.upkeep.verify.related import wrong_relations
from tests.factories import MOMENT, make_article, make_capture, make_page
from tests.hostile import cpu_time
from tests.thai.test_likeness import COMMON, LETTERS, prose

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

ROWS = """SELECT a.site_id, o.site_id, r.kind, r.similarity FROM related_articles r
    JOIN articles a ON a.id = r.article_id JOIN articles o ON o.id = r.related_id ORDER BY 1, 2"""
LONG = prose(40, 12_000)
BODIES = {
    1: COMMON,
    2: COMMON.replace(" ", "  "),
    3: COMMON + prose(41, 200),
    4: f"{LONG} {COMMON} {LONG[::-1]}",
    5: f"ครั้งที่ 1 {prose(42, 1500)}",
    6: f"ครั้งที่ 2 {prose(42, 1500)}",
    7: prose(43, 1500),
    8: "",
}


def title(number: int) -> str:
    """Return a headline of its own without a number, which would make a series."""
    return f"หัวข้อ{LETTERS[number % len(LETTERS)]}"


def save(writer: ArchiveWriter, number: int, body: str) -> None:
    capture = make_capture(number, body=f"{number} {body}".encode())
    capture = capture.model_copy(
        update={"fetched_at": MOMENT + timedelta(minutes=writer.counts["captures"])}
    )
    (stored,) = writer.capture([Incoming(capture)])
    writer.save([make_page(stored, make_article(number, title=title(number), body=body))])


def rows(db: Database) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = db.execute(ROWS).fetchall()
    return found


def kinds(db: Database) -> set[tuple[int, int, str]]:
    return {(one, other, kind) for one, other, kind, _ in rows(db)}


def both_ways(*found: tuple[int, int, str]) -> set[tuple[int, int, str]]:
    return {*found, *((other, one, kind) for one, other, kind in found)}


EXPECTED = both_ways((1, 2, "repost"), (1, 3, "near"), (2, 3, "near"), (5, 6, "series")) | {
    (1, 4, "contained"),
    (2, 4, "contained"),
    (3, 4, "contained"),
}


def test_every_kind_is_found(writer: ArchiveWriter) -> None:
    for number, body in BODIES.items():
        save(writer, number, body)
    assert kinds(writer.db) == EXPECTED
    assert list(wrong_relations(writer.db)) == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(list(BODIES)), sizes=st.lists(st.integers(1, 3), min_size=8))
def test_the_order_of_arrival_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], sizes: list[int]
) -> None:
    db = open_for_writing(tmp_path_factory.mktemp("order") / "news.db")
    insert_articles(db, order, BODIES, sizes)
    assert kinds(db) == EXPECTED
    db.close()


def insert_articles(
    db: Database, order: list[int], bodies: dict[int, str], sizes: list[int]
) -> None:
    """Insert articles as another program might, and compare them in batches of some sizes."""
    db.execute("PRAGMA foreign_keys = OFF")
    left = list(order)
    for size in [*sizes, len(left)]:
        batch, left = left[:size], left[size:]
        with db.atomic():
            for number in batch:
                insert(db, number, bodies[number])
            compare_articles(db)


def insert(db: Database, number: int, body: str) -> None:
    day = date(2025, 1, 1) + timedelta(days=number)
    db.table("articles").insert(
        {
            "url": f"https://practice.example/{number}",
            "site": "practice",
            "layout": "contents",
            "site_id": number,
            "title": title(number),
            "language": "th",
            "published_on": day.isoformat(),
            "content_hash": f"{number} {body}",
            "text_hash": body or None,
            "first_seen_at": "",
            "last_seen_at": "",
            "changed_at": "",
            "capture_id": 1,
            "parser": "",
            "tail": "",
            "body": body,
        }
    )


def series(length: int) -> dict[int, str]:
    """Return the bodies of a daily report."""
    return {number: f"ฉบับที่ {number} {prose(50, 800)}" for number in range(1, length + 1)}


@pytest.mark.parametrize("seed", range(4))
def test_a_long_series_is_a_chain(tmp_path: Path, seed: int) -> None:
    bodies = series(30)
    chance = random.Random(seed)
    order = chance.sample(list(bodies), len(bodies)) if seed else list(bodies)
    db = open_for_writing(tmp_path / "news.db")
    insert_articles(db, order, bodies, [chance.randint(1, 5) for _ in bodies])
    expected = {
        (one, other, "series")
        for one in bodies
        for other in bodies
        if 0 < abs(one - other) <= NEIGHBOURS
    }
    assert kinds(db) == expected
    # Removed and changed articles let others become neighbours.
    with db.atomic():
        db.execute("DELETE FROM articles WHERE site_id IN (10, 11)")
        db.execute(
            "UPDATE articles SET body = ?, content_hash = 'x' WHERE site_id = 20", [prose(60, 800)]
        )
        compare_articles(db)
    left = [number for number in bodies if number not in {10, 11, 20}]
    assert kinds(db) == {
        (one, other, "series")
        for at, one in enumerate(left)
        for place, other in enumerate(left)
        if 0 < abs(at - place) <= NEIGHBOURS
    }
    before = rows(db)
    with db.atomic():
        rebuild_related(db)
        assert compare_articles(db) == 28
    assert rows(db) == before
    assert list(wrong_relations(db)) == []
    db.close()


@pytest.mark.parametrize("body", [COMMON, "ก", "{number}"])
def test_time_is_linear_in_the_number_of_equal_articles(tmp_path: Path, body: str) -> None:
    def store(name: str, length: int) -> float:
        db = open_for_writing(tmp_path / name)
        bodies = {number: body.format(number=number) for number in range(1, length + 1)}
        seconds = cpu_time(lambda _: insert_articles(db, list(bodies), bodies, [20] * 40), "")
        db.close()
        return seconds

    assert store("more.db", 800) < 2.6 * max(0.2, store("fewer.db", 400))


def test_a_changed_article_is_compared_again(writer: ArchiveWriter) -> None:
    save(writer, 1, COMMON)
    save(writer, 2, COMMON)
    assert kinds(writer.db) == both_ways((1, 2, "repost"))
    save(writer, 2, prose(70, 900))
    assert kinds(writer.db) == set()
    save(writer, 2, COMMON + prose(71, 100))
    assert kinds(writer.db) == both_ways((1, 2, "near"))


def test_a_killed_run_leaves_nothing_undone(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        save(writer, 1, COMMON)
    db = open_for_writing(db_path)
    with db.atomic():  # as an archive of an earlier release has it
        db.execute("PRAGMA foreign_keys = OFF")
        insert(db, 2, COMMON)
    db.close()
    with ArchiveWriter(db_path, "test", {}) as writer:
        pass
    db = open_for_writing(db_path)
    assert kinds(db) == both_ways((1, 2, "repost"))
    assert db.execute("SELECT count(*) FROM _articles_to_compare").fetchone() == (0,)
    db.close()


def test_an_unchanged_article_is_not_compared_again(writer: ArchiveWriter) -> None:
    save(writer, 1, COMMON)
    with writer.db.atomic():
        writer.db.execute("UPDATE articles SET last_seen_at = 'x', content_hash = content_hash")
        assert compare_articles(writer.db) == 0


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE related_articles SET kind = 'near'", "are not related as stored"),
        ("DELETE FROM _article_signatures", "never compared"),
        ("DELETE FROM _fingerprints", "fingerprints are stored"),
    ],
)
def test_damage_is_noticed(writer: ArchiveWriter, damage: str, sentence: str) -> None:
    save(writer, 1, COMMON)
    save(writer, 2, COMMON)
    with writer.db.atomic():
        writer.db.execute(damage)
    assert any(sentence in found for found in wrong_relations(writer.db))


def test_articles_are_ordered_by_day_and_number() -> None:
    places = [
        place_of(day, number, "https://practice.example/")
        for day, number in [(None, 5), ("2019-01-01", 9), ("2025-01-01", 1), ("2025-01-01", 2**30)]
    ]
    assert places == sorted(places)
    assert max(places) < 2**63
    assert place_of("9999-12-31", 2**40, "x") < 2**63


def test_numbers_are_packed_in_four_bytes() -> None:
    assert pack([1, 2**32 - 1]) == b"\x01\0\0\0\xff\xff\xff\xff"
