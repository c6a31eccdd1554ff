"""``thaigov check-page`` on files, captures in an archive and pages it must fetch."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from scraper.cli.check_page import check_page
from scraper.model import Incoming, Outcome, Page
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from scraper.warc.record import digest_of
from tests.commands import thaigov, thaigov_json
from tests.factories import MOMENT, make_capture
from tests.pages.news.test_parser import MISSING, shell
from tests.pages.samples import HEADLINE, NEWS, STAMP, html_page, news_page, plain_news

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.writer import ArchiveWriter

LINKS = "".join(f'<li><a href="/th/news/{n}">เรื่องที่ {n}</a></li>' for n in (7, 8))
LISTING = f"<title>รัฐบาลไทย | ข่าวทั้งหมด</title>{{}}<main><ul>{LINKS}</ul></main>"
CANONICAL = '<link rel="canonical" href="https://www.thaigov.go.th{}">'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(check_page, [*map(str, arguments)])


def checked(tmp_path: Path, html: str, *options: str, expect: int = 0) -> dict[str, Any]:
    """Return the JSON report on a saved page."""
    path = tmp_path / "page.html"
    path.write_text(html, "utf-8")
    result = run(path, *options, "--json")
    assert result.exit_code == expect, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    assert report["file"] == str(path)
    return report


@pytest.mark.parametrize(
    ("html", "url", "anchor"),
    [
        (news_page(plain_news()), "/th/news/0", "date line"),
        (news_page(plain_news(), head=CANONICAL.format("/en/news/9")), "/en/news/9", "date line"),
        (news_page(plain_news()).replace('lang="th"', 'lang="en-GB"'), "/en/news/0", "date line"),
        (html_page(), "/news/contents/details/0", "article block"),
    ],
)
def test_the_layout_of_a_saved_page_is_detected(
    tmp_path: Path, html: str, url: str, anchor: str
) -> None:
    report = checked(tmp_path, html)
    assert report["outcome"] == "article"
    assert report["url"].endswith(url)
    assert report["article"]["title"] == HEADLINE
    assert [look["found"] for look in report["findings"] if look["name"] == anchor] == [1]
    assert set(report["sources"]) == {"title", "published_on", "body"}


def test_the_printed_report(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(news_page(plain_news(), footer="หน่วยงาน"), "utf-8")
    result = run(path)
    assert result.exit_code == 0
    for text in (
        "วันที่ : DD/MM/BBBB HH:MM",
        STAMP,
        "no-footer",
        "time[datetime]",
        f"title: {HEADLINE}",
    ):
        assert text in result.stdout


@pytest.mark.parametrize(
    ("html", "outcome", "code"),
    [
        (news_page(MISSING, title=""), "missing", 0),
        (shell(), "shell", 3),
        (html_page().replace("border-normal", "renamed"), "unparsed", 3),
        (news_page("<main>ระบบขัดข้อง</main>", title=""), "unparsed", 3),
        (LISTING.format(CANONICAL.format("/th/news?page=2")), "listing", 0),
        (LISTING.format(""), "unparsed", 3),
    ],
)
def test_outcomes_and_exit_codes(tmp_path: Path, html: str, outcome: str, code: int) -> None:
    report = checked(tmp_path, html, expect=code)
    assert (report["outcome"], report["article"]) == (outcome, None)
    if "เรื่องที่ 7" in html:
        home = "https://www.thaigov.go.th/th/news/"
        assert report["links"] == [f"{home}7", f"{home}8"]


def test_the_layout_of_a_file_can_be_given(tmp_path: Path) -> None:
    report = checked(tmp_path, html_page(), "--layout", "news", expect=3)
    assert report["problems"][-1]["kind"] == "no-article"


def test_arguments_that_are_neither_a_page_nor_an_address(tmp_path: Path) -> None:
    archive, picture = tmp_path / "a.warc.gz", tmp_path / "a.jpg"
    archive.write_bytes(gzip.compress(b"WARC/1.0"))
    picture.write_bytes(b"\xff\xd8\xff")
    cases: list[tuple[str | Path, int, str]] = [
        (archive, 2, "import warc"),
        (picture, 1, "is not an HTML page"),
        ("https://example.org/1", 2, "neither a file nor"),
        ("no-such-file.html", 2, "neither a file nor"),
    ]
    for place, code, message in cases:
        result = run(place, "--db", tmp_path / "none.db")
        assert result.exit_code == code, result.output
        assert message in result.output


def test_for_an_address_the_newest_capture_with_an_article_is_read(
    writer: ArchiveWriter, db_path: Path
) -> None:
    pages = [
        (news_page(plain_news(headline="ฉบับเก่า"), title="ฉบับเก่า"), False, Outcome.ARTICLE),
        (shell(), False, Outcome.SHELL),
        (news_page(plain_news()), True, Outcome.ARTICLE),
        (shell(title="รัฐบาลไทย "), False, Outcome.SHELL),
    ]
    for day, (html, rendered, outcome) in enumerate(pages):
        body = html.encode()
        capture = make_capture(
            url=NEWS,
            body=body,
            digest=digest_of(body),
            fetched_at=MOMENT + timedelta(days=day),
            rendered=rendered,
            status=None if rendered else 200,
        )
        (stored,) = writer.capture([Incoming(capture)])
        writer.save([Page(capture=stored, outcome=outcome)])
    result = run(NEWS.replace("https://www.", "http://"), "--db", db_path, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["capture"], report["rendered"]) == (3, True)
    assert report["article"]["title"] == HEADLINE


def test_a_page_without_a_capture_is_fetched_but_not_stored(tmp_path: Path) -> None:
    db = tmp_path / "none.db"
    site = PracticeSite(size=20)
    number = site.first
    with serve(site) as served:
        url = f"{served.url}/news/contents/details/{number}"
        report = thaigov_json("check-page", url, "--db", db)
    assert report["article"]["title"] == site.truth(number).title
    assert served.requests.count(f"/news/contents/details/{number}") == 1
    assert not db.exists()


def test_a_real_site_is_not_fetched_without_permission(tmp_path: Path) -> None:
    done = thaigov("check-page", NEWS, "--db", tmp_path / "none.db", expect=4)
    assert "THAIGOV_PERMISSION" in done.stderr
