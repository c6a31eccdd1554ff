"""Tests for the spider ``attachments`` against the practice site, over real HTTP."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import pytest

from scraper.model import Attachment
from scraper.practice.files.attached import FileDelivery, sent_file
from scraper.practice.html.news import proxied
from scraper.practice.prose.drafts import MEDIA
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from spiders.arguments import ArgumentError
from spiders.attachments import AttachmentsSpider
from tests.attachments.small_archive import document, with_documents, write_articles
from tests.commands import thaigov, thaigov_json
from tests.spiders.crawls import Challenge

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=20)
IMAGE = f"{MEDIA}/thumbnail/news/2025/08/3_ภาพข่าว 1.jpg"
# One document of each delivery, by number.
NUMBERS = (16, 19, 21, 23, 25, 27, 29, 30, 31, 46)
OFFICE = ((20, "docx"), (22, "xlsx"))


ORIGINAL = document(17).replace(MEDIA, "https://archives.practice.example/uploads")


def crawl(path: Path, site: str, *arguments: str, expect: int = 0) -> Any:
    return thaigov_json(
        "crawl", "attachments", "--site", site, "--db", path, *arguments, expect=expect
    )


def rows(path: Path, sql: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


class Crawled(NamedTuple):
    """An archive after three crawls, with the run and the requested paths of each."""

    path: Path
    runs: list[Any]
    asked: list[list[str]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Crawl documents of all kinds, then all again with pictures, then what is left."""
    path = tmp_path_factory.mktemp("attachments") / "thaigov.db"
    addresses = [document(number) for number in NUMBERS]
    addresses += [document(number, suffix) for number, suffix in OFFICE]
    write_articles(
        path,
        [
            *((Attachment(kind="document", url=url),) for url in addresses),
            (Attachment(kind="document", url=proxied(document(17)), original=ORIGINAL),),
            (
                Attachment(kind="image", url=IMAGE),
                Attachment(kind="document", url="https://other.example/a.pdf"),
                Attachment(kind="document", url=f"{MEDIA}/document/1/list_5.zip"),
            ),
        ],
    )
    runs, asked = [], []
    with serve(SITE, validators=True) as served:
        for arguments in ((), ("-a", "again=1", "-a", "images=1"), ()):
            before = len(served.requests)
            runs.append(crawl(path, served.url, *arguments))
            paths = map(unquote, served.requests[before:])
            asked.append([path for path in paths if path != "/robots.txt"])
    return Crawled(path, runs, asked)


def test_every_file_is_stored_with_the_text_it_has(crawled: Crawled) -> None:
    stored = dict(
        rows(
            crawled.path,
            "SELECT f.url, t.text FROM attachment_files f JOIN attachment_texts t ON t.id = f.file",
        )
    )
    truth = {proxied(document(17)): text_of(document(17)), IMAGE: ""}
    for number, suffix in (*((number, "pdf") for number in NUMBERS), *OFFICE):
        file = sent_file(document(number, suffix))
        if file and file.content:
            truth[document(number, suffix)] = file.text
    assert stored == truth
    run = crawled.runs[0]
    assert (run["outcome"], run["attachments"], run["missing"]) == ("done", len(truth) - 1, 1)
    assert run["unparsed"] == 1  # the web page


def text_of(address: str) -> str:
    file = sent_file(address)
    assert file is not None
    return file.text


def test_what_is_wrong_with_a_file_is_a_problem_with_a_name(crawled: Crawled) -> None:
    found = {
        (detail.partition(":")[0], kind)
        for kind, detail in rows(crawled.path, "SELECT kind, detail FROM problems")
        if not detail.startswith("larger")
    }
    assert found == {
        ("เอกสารแนบ_21.pdf", "not-a-file"),
        ("เอกสารแนบ_25.pdf", "encrypted"),
        ("เอกสารแนบ_27.pdf", "damaged"),
        ("เอกสารแนบ_29.pdf", "no-text"),
    }
    large = rows(crawled.path, "SELECT DISTINCT url FROM problems WHERE kind = 'too-large'")
    assert large == [(document(23),)]


def test_a_file_under_two_addresses_has_its_bytes_once(crawled: Crawled) -> None:
    shared = [document(number) for number in (30, 46)]
    chosen = "WHERE attachment_url IN (?, ?) AND run_id = (SELECT min(run_id) + 1 FROM captures)"
    lengths = rows(crawled.path, f"SELECT warc_length FROM captures {chosen}", *shared)
    assert len(lengths) == 2
    assert min(lengths)[0] < 1000 < max(lengths)[0]  # a revisit record has no bytes
    linked = "SELECT DISTINCT file FROM attachment_files WHERE url IN (?, ?)"
    assert len(rows(crawled.path, linked, *shared)) == 1


def test_a_moved_file_is_known_by_the_address_of_the_article(crawled: Crawled) -> None:
    answers = rows(
        crawled.path,
        "SELECT outcome, status FROM captures WHERE attachment_url = ? ORDER BY id LIMIT 2",
        document(31),
    )
    assert answers == [("redirect", 307), ("attachment", 200)]


def test_a_proxied_file_is_stored_under_its_own_address(crawled: Crawled) -> None:
    assert proxied(document(17)).partition("media.practice.example")[2] in crawled.asked[0]
    (row,) = rows(crawled.path, "SELECT count(*) FROM captures WHERE attachment_url = ?", ORIGINAL)
    assert row == (2,)


def test_only_the_sites_own_documents_are_requested(crawled: Crawled) -> None:
    suffixes = {path.rpartition(".")[2] for path in crawled.asked[0]}
    assert suffixes == {"pdf", "docx", "xlsx"}
    assert "/a.pdf" not in crawled.asked[0]
    # Pictures only when they are wanted; newest articles first.
    assert crawled.asked[1][0] == IMAGE.partition("media.practice.example")[2]


def test_again_asks_by_validators_and_repeats_no_bytes(crawled: Crawled) -> None:
    run = crawled.runs[1]
    assert (run["outcome"], run["attachments"]) == ("done", 1)
    assert run["unchanged"] == crawled.runs[0]["attachments"]
    count = "SELECT count(*) FROM captures WHERE run_id = ? AND warc_length > 2000"
    assert rows(crawled.path, count, run["id"]) == [(0,)]


def test_the_next_run_asks_for_nothing_that_is_settled(crawled: Crawled) -> None:
    assert crawled.runs[2]["outcome"] == "done"
    assert crawled.asked[2] == []


def test_the_archive_is_sound_and_can_be_rebuilt(crawled: Crawled, tmp_path: Path) -> None:
    thaigov("verify", "--db", crawled.path)
    rebuilt = tmp_path / "rebuilt.db"
    # The pages of the articles are invented, so they cannot be read again.
    thaigov("import", "warc", "--own", crawled.path.parent / "warc", "--db", rebuilt, expect=3)
    texts = "SELECT digest, format, size, pages, text FROM attachment_texts ORDER BY digest"
    assert rows(rebuilt, texts) == rows(crawled.path, texts)


def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "thaigov.db"
    with_documents(path, document(16))

    def closed(path: str) -> Answer | None:
        rules = b"User-agent: *\nDisallow: /uploads/\n"
        return Answer(200, rules, "text/plain") if path == "/robots.txt" else None

    with serve(SITE, intercept=closed) as served:
        run = crawl(path, served.url, expect=4)
        assert served.requests == ["/robots.txt"]
    assert run["outcome"] == "refused"


def test_a_run_that_is_cut_short_is_continued(tmp_path: Path) -> None:
    """A bot check ends the first run and the budget the second."""
    path = tmp_path / "thaigov.db"
    with_documents(path, *map(document, (16, 17, 18)))
    with serve(SITE, intercept=Challenge(after=2)) as served:
        run = crawl(path, served.url, expect=4)
        assert (run["outcome"], run["attachments"], run["blocked"]) == ("blocked", 1, 1)
    with serve(SITE) as served:
        run = crawl(path, served.url, "--max-requests", "2")
        assert (run["outcome"], run["attachments"]) == ("paused", 1)
        run = crawl(path, served.url)
        assert (run["outcome"], run["attachments"]) == ("done", 1)
    assert len(rows(path, "SELECT 1 FROM attachment_files")) == 3


def test_an_answer_that_is_not_a_document_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "thaigov.db"
    wrong = {
        16: (Answer(200, b"RIFF", "video/mp4"), "other-type"),
        17: (
            Answer(302, b"", headers=(("Location", "https://other.example/a.pdf"),)),
            "moved-away",
        ),
        18: (Answer(200, b"x" * 40, "application/pdf"), "not-a-file"),
        20: (Answer(200, b"", "application/pdf"), "not-a-file"),
    }
    with_documents(path, *map(document, wrong), document(22))

    def intercept(path: str) -> Answer | None:
        return next(
            (a for number, (a, _) in wrong.items() if path.endswith(f"_{number}.pdf")), None
        )

    with serve(SITE, intercept=intercept) as served:
        crawl(path, served.url)
    found = dict(rows(path, "SELECT p.url, kind FROM problems p"))
    kinds = {number: kind for number, (_, kind) in wrong.items()}
    assert {
        number: next(kind for url, kind in found.items() if unquote(url).endswith(f"_{number}.pdf"))
        for number in wrong
    } == kinds
    assert rows(path, "SELECT url FROM attachment_files") == [(document(22),)]


def test_the_real_site_is_asked_only_with_permission(tmp_path: Path) -> None:
    refused = thaigov("crawl", "attachments", "--db", tmp_path / "thaigov.db", expect=4)
    assert "THAIGOV_PERMISSION" in refused.stderr


def test_the_largest_file_has_a_bound() -> None:
    with pytest.raises(ArgumentError, match="largest must be at most 200"):
        AttachmentsSpider(largest="999")


def test_every_delivery_is_tried() -> None:
    tried = {sent_file(document(number)).delivery for number in NUMBERS}  # type: ignore[union-attr]
    assert tried == set(FileDelivery)
