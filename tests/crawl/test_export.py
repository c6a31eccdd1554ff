"""Plain ``scrapy`` from the checkout: feeds hold articles, and a refusal is one sentence."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from itemadapter import ItemAdapter

from scraper.crawl.export import ArticleXml, article_row
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.commands import ENVIRONMENT
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKOUT = Path(__file__).parents[2]
SITE = PracticeSite(size=20)


def scrapy(*arguments: str, db: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy`` in the checkout, as a user does."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=ENVIRONMENT | {"THAIGOV_DB": str(db)},
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def read_xml(path: Path) -> list[dict[str, Any]]:
    return [{field.tag: field.text for field in item} for item in ET.parse(path).getroot()]


READERS: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "jsonl": lambda path: [json.loads(line) for line in path.read_text().splitlines()],
    "json": lambda path: json.loads(path.read_text()),
    "csv": read_csv,
    "xml": read_xml,
}


@pytest.mark.parametrize("kind", READERS)
def test_a_feed_has_the_same_articles_as_the_archive(tmp_path: Path, kind: str) -> None:
    db, out = tmp_path / "a.db", tmp_path / f"news.{kind}"
    with serve(SITE) as served:
        scrapy("crawl", "latest", "-a", f"site={served.url}", "-O", str(out), db=db)
    rows = READERS[kind](out)
    with closing(sqlite3.connect(db)) as archive:
        kept = archive.execute("SELECT url, title, published_on, body FROM articles").fetchall()
    fields = ("url", "title", "published_on", "body")
    assert sorted(tuple(row[name] for name in fields) for row in rows) == sorted(kept)
    assert kept
    assert {row["outcome"] for row in rows} == {"article"}
    text = out.read_text()
    assert "<html" not in text
    assert "b'" not in text
    assert "None" not in text
    assert "\\u0e" not in text  # Thai is not escaped


def test_a_feed_with_scope_all_has_all_articles(tmp_path: Path) -> None:
    out = tmp_path / "news.jsonl"
    with serve(SITE) as served:
        arguments = ["-a", f"site={served.url}", "-s", "THAIGOV_SCOPE=all", "-O", str(out)]
        scrapy("crawl", "latest", *arguments, db=tmp_path / "a.db")
    assert {row["site_id"] for row in READERS["jsonl"](out)} == {*SITE.numbers()}


def test_rows_are_flat_and_have_the_same_keys() -> None:
    capture = make_capture(1, "<html>ก</html>".encode())
    with_article = article_row(make_page(capture, make_article(1)))
    without = article_row(make_page(capture, None))
    assert list(with_article) == list(without)
    plain = (str, int, bool, type(None))
    for row in (with_article, without):
        values = [
            v for value in row.values() for v in (value if isinstance(value, list) else [value])
        ]
        assert all(isinstance(value, plain) for value in values)
    assert without["url"] is None
    assert without["asked_url"] == capture.url


def test_a_row_is_read_only() -> None:
    adapter = ItemAdapter(make_page(make_capture(1, b"x"), make_article(1)))
    with pytest.raises(TypeError, match="shown as a row"):
        adapter["title"] = "x"
    with pytest.raises(TypeError, match="shown as a row"):
        del adapter["title"]


def test_xml_leaves_out_forbidden_characters(tmp_path: Path) -> None:
    out = tmp_path / "x.xml"
    page = make_page(make_capture(1, b"x"), make_article(1, title="ก\x0bข\ufffe"))
    file = BytesIO()
    exporter = ArticleXml(file)
    exporter.start_exporting()
    exporter.export_item(page)
    exporter.finish_exporting()
    out.write_bytes(file.getvalue())
    (row,) = read_xml(out)
    assert row["title"] == "กข"
    assert row["lead"] is None


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--spider=latest", "-a", "site={home}"),
        ("--spider=numbers", "-a", "site={home}", "-c", "read"),
        ("--spider=latest", "-a", "site={home}", "--pipelines"),
    ],
)
def test_scrapy_parse_shows_an_article_and_stores_nothing(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    db = tmp_path / "a.db"
    with serve(SITE) as served:
        url = f"{served.url}/news/contents/details/{SITE.last}"
        options = [word.format(home=served.url) for word in more]
        shown = scrapy("parse", url, *options, "--nocolour", db=db).stdout
    assert f"'site_id': {SITE.last}" in shown
    assert SITE.truth(SITE.last).title[:20] in shown
    assert "b'" not in shown
    assert not db.exists()


def test_scrapy_parse_shows_the_links_of_a_listing(tmp_path: Path) -> None:
    with serve(SITE) as served:
        shown = scrapy("parse", f"{served.url}/news/contents?page=1", db=tmp_path / "a.db").stdout
    assert shown.count("/news/contents/details/") == SITE.size


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("crawl", "latest"), "set THAIGOV_CONTACT and THAIGOV_PERMISSION"),
        (("crawl", "numbers", "-a", "first=1"), "set THAIGOV_CONTACT and THAIGOV_PERMISSION"),
        (("crawl", "latest", "-a", "lookbak=3"), "takes no argument lookbak"),
        (("crawl", "latest", "-a", "site=https://example.org"), "not a site this archive knows"),
        (("parse", "https://www.thaigov.go.th/th/news/1"), "set THAIGOV_CONTACT"),
        (
            ("crawl", "latest", "-a", "site=http://127.0.0.1:9", "-s", "THAIGOV_BETWEEN=0:00-0:00"),
            "is not a window",
        ),
    ],
)
def test_a_refusal_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = scrapy(*arguments, db=tmp_path / "a.db", expect=1)
    errors = [line for line in done.stderr.splitlines() if " ERROR: " in line]
    assert message in errors[0]
    assert not any(line.startswith(("  File", "future:")) for line in done.stderr.splitlines())
