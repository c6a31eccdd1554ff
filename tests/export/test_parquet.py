"""DuckDB, pandas and ``datasets`` read the same rows as SQL."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from scraper.export import arrow
from tests.export.sample import LONG, ODD, export, sql

if TYPE_CHECKING:
    from pathlib import Path

FACTS = ("date_mentions", "person_mentions", "article_ministries", "events", "hashtags")


@pytest.fixture(scope="module")
def out(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(sample, "parquet", tmp_path_factory.mktemp("parquet") / "out").path


def duck(out: Path, columns: str, table: str, rest: str = "") -> list[tuple[Any, ...]]:
    source = f"read_parquet('{out}/{table}/**/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM {source} {rest}").fetchall()


def plain(value: Any) -> Any:
    """Return a value of DuckDB as SQLite stores it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("table", FACTS)
def test_duckdb_equals_sql(sample: Path, out: Path, table: str) -> None:
    lists = {"flags": " ", "evidence": "; "}
    names = [row[1] for row in sql(sample, f"PRAGMA table_info({table})")]
    shown = ", ".join(f"array_to_string({n}, '{lists[n]}')" if n in lists else n for n in names)
    found = [tuple(map(plain, row)) for row in duck(out, shown, table)]
    stored = sql(sample, f"SELECT {', '.join(names)} FROM {table}")
    assert sorted(found, key=repr) == sorted(stored, key=repr)


def test_articles_have_typed_dates_and_lists(sample: Path, out: Path) -> None:
    columns = "site_id, published_on, year, body, ministries, hashtags, fetched_at, lead"
    rows = {row[0]: row[1:] for row in duck(out, columns, "articles")}
    assert rows[5][:3] == (date(2024, 12, 31), 2024, ODD)
    assert rows[7][:2] == (None, 0)
    assert rows[9][2] == LONG.strip()
    assert rows[3][3] == ["industry", "labour"]
    assert rows[5][4] == ["น้ำตาล", "อ้อย"]
    assert plain(rows[3][5]) == "2025-08-21T03:03:00Z"
    stored = sql(sample, "SELECT title, lead, tail, content_hash FROM articles")
    found = duck(out, "title, lead, tail, content_hash", "articles")
    assert sorted(found, key=repr) == sorted(stored, key=repr)
    joined = duck(
        out, "count(*)", "articles", "WHERE year = 2025 AND list_contains(ministries, 'industry')"
    )
    assert joined == [(1,)]


def test_pandas_equals_sql(sample: Path, out: Path) -> None:
    frame = pd.read_parquet(out / "articles").sort_values("id")
    stored = sql(sample, "SELECT id, url, title, body, published_on FROM articles ORDER BY id")
    found = list(zip(frame["id"], frame["url"], frame["title"], frame["body"], strict=True))
    assert found == [row[:4] for row in stored]
    days = [None if day is None else day.isoformat() for day in frame["published_on"]]
    assert days == [row[4] for row in stored]
    facts = pd.read_parquet(out / "money_mentions")
    assert facts["low"].tolist() == [1_500_000.0]
    assert facts["approximate"].tolist() == [True]


def test_columns_carry_their_descriptions(out: Path) -> None:
    schema = pq.read_schema(out / "articles" / "year=2025" / "part-0.parquet")
    described = schema.field("published_on").metadata
    assert b"publication date" in described[b"description"]
    assert described[b"title"].decode()
    assert schema.metadata[b"title"].decode() == "ข่าว"
    assert not schema.field("title").nullable


def test_row_groups_can_be_skipped(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "ARTICLES_IN_GROUP", 1)
    out = export(sample, "parquet", tmp_path / "out", None).path
    file = pq.ParquetFile(out / "articles" / "year=2025" / "part-0.parquet")
    assert file.metadata.num_row_groups == 2
    at = file.schema_arrow.get_field_index("published_on")
    for number in range(2):
        assert file.metadata.row_group(number).column(at).statistics.min == date(2025, 1, 1)


def test_a_table_without_rows_has_its_columns(out: Path) -> None:
    assert duck(out, "count(*), max(name)", "law_mentions") == [(0, None)]


def test_the_package_names_every_file(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    paths: list[str] = []
    for resource in package["resources"]:
        paths += [resource["path"]] if isinstance(resource["path"], str) else resource["path"]
    assert sorted(paths) == sorted(p.relative_to(out).as_posix() for p in out.rglob("*.parquet"))


@pytest.fixture(scope="module")
def hub(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(sample, "huggingface", tmp_path_factory.mktemp("hub") / "out").path


def test_datasets_loads_the_folder_offline(
    sample: Path, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    datasets = pytest.importorskip("datasets")
    cache = str(tmp_path / "cache")
    loaded = datasets.load_dataset(str(hub), cache_dir=cache)
    assert {split: len(rows) for split, rows in loaded.items()} == {
        "y2024": 1, "y2025": 2, "undated": 1,
    }  # fmt: skip
    (article,) = loaded["y2024"]
    assert article["body"] == ODD
    assert article["published_on"] == date(2024, 12, 31)
    assert article["hashtags"] == ["น้ำตาล", "อ้อย"]
    events = datasets.load_dataset(str(hub), "events", split="y2025", cache_dir=cache)
    assert events["place"] == ["ห้องประชุม, ชั้น 2; อาคาร"]
    people = datasets.load_dataset(str(hub), "people", split="train", cache_dir=cache)
    assert sorted(people["name"]) == sorted(
        row[0] for row in sql(sample, "SELECT name FROM people")
    )


def test_the_card_describes_what_is_there(hub: Path) -> None:
    card = (hub / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\n")
    paths = re.findall(r'^    path: "(.+)"$', card, re.MULTILINE)
    assert sorted(paths) == sorted(p.relative_to(hub).as_posix() for p in hub.rglob("*.parquet"))
    assert "law_mentions" not in card
    for text in ("| 2025 | 2 |", "| undated | 1 |", "en 1, th 3", "Copyright Act", "## Statistics"):
        assert text in card
