"""Tests for copies that turn out to be of another page than the one requested."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.archive_dump import assert_sound
from tests.commands import thaigov
from tests.many_crawls import Crawl, crawl_all, query
from tests.recovery.common_crawl import CommonCrawl
from tests.recovery.conftest import HOME, SITE, page_url
from tests.recovery.faulty_server import Reply, serving
from tests.recovery.pages_in_warc import Held, write_warc
from tests.recovery.small_wayback import SmallWayback

if TYPE_CHECKING:
    from pathlib import Path

FIRST, SECOND, THIRD = list(SITE.numbers())[:3]
NEW, OLD = "20240306060606", "20200505050505"
BUSY = b"<html><head><title>429</title></head><body>Too many requests</body></html>"


def original(url: str) -> tuple[str, str]:
    return "Link", f'<{url}>; rel="original", <http://a.example/timemap>; rel="timemap"'


# Answers for the newest copy of the first article; the older copy is correct.
OTHER_PAGES: dict[str, Reply] = {
    "the home page": Reply(200, (original(f"{HOME}/"),)),
    "another article": Reply(200, (original(page_url(SECOND)),)),
    "another article, rel first": Reply(
        200, (("Link", f'<a>; rel="first memento", <{page_url(SECOND)}>;rel=original'),)
    ),
    "of several Link headers": Reply(
        200, (("Link", '<x>; rel="timegate"'), ("Link", f'<{HOME}/,;>; REL="Original"'))
    ),
    "a redirect to the home page": Reply(302, (("Location", f"/web/{NEW}id_/{HOME}/"),)),
    "a redirect to another article": Reply(
        301, (("Location", f"/web/{NEW}id_/{page_url(SECOND)}"),)
    ),
    "a redirect to the site itself": Reply(302, (("Location", f"{HOME}/"),)),
    "an archived 403": Reply(403),
    "an archived 429": Reply(429),
    "an archived 503": Reply(503, (("Retry-After", "900"),)),
    "an archived 302 without target": Reply(302),
    "a malformed date": Reply(200, (("Memento-Datetime", "yesterday"),)),
}
REPORTED = {"the home page", "another article", "another article, rel first"} | {
    "of several Link headers",
}


def archive_with(reply: Reply) -> SmallWayback:
    """Return an archive with this answer for the newest copy of an article."""
    archive = SmallWayback()
    archive.hold(OLD, page_url(FIRST), SITE.html(FIRST), original(page_url(FIRST, "http")))
    archive.hold(NEW, page_url(FIRST), SITE.html(SECOND), *reply.headers, status=reply.status)
    return archive


@pytest.fixture(scope="module")
def recovered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, list[str]]]:
    """Return the folder of the archives, the log, and the requests to each."""
    folder = tmp_path_factory.mktemp("identity")
    with ExitStack() as servers:
        archives = {
            name: servers.enter_context(serving(archive_with(reply)))
            for name, reply in OTHER_PAGES.items()
        }
        log = crawl_all([_crawl(archive, folder / name) for name, archive in archives.items()])
    return folder, log, {name: archive.requests for name, archive in archives.items()}


def _crawl(archive: SmallWayback, folder: Path) -> Crawl:
    arguments = {"archive": archive.url, "pause": "0.05"}
    return Crawl(HOME, str(folder / "thaigov.db"), arguments, spider="wayback")


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_a_copy_of_another_page_is_not_used(
    recovered: tuple[Path, str, dict[str, list[str]]], name: str
) -> None:
    folder, log, requests = recovered
    db = folder / name / "thaigov.db"
    assert query(db, "SELECT outcome, exit_code FROM runs") == [("done", 0)]
    assert query(db, "SELECT site_id FROM articles") == [(FIRST,)]
    ((source,),) = query(db, "SELECT source FROM captures WHERE outcome = 'article'")
    assert f"/web/{OLD}id_/" in source
    # Neither the site itself nor a copy of another page is requested.
    replays = [path for path in requests[name] if path.startswith("/web/")]
    assert replays == [f"/web/{NEW}id_/{page_url(FIRST)}", f"/web/{OLD}id_/{page_url(FIRST)}"]
    if name in REPORTED:
        assert f"expected a copy of {page_url(FIRST)}, found " in log
        rows = query(db, "SELECT kind FROM problems WHERE stage = 'crawl'")
        assert rows == [("redirected",)]
        assert_sound(db)
        thaigov("reparse", "--db", db)
        assert query(db, "SELECT site_id FROM articles") == [(FIRST,)]
        assert ("redirect",) in query(db, "SELECT outcome FROM captures")


def test_a_record_of_another_page_is_not_used(tmp_path: Path) -> None:
    with serving(CommonCrawl(tmp_path / "files")) as crawls:
        held = [Held(page_url(n), NEW, SITE.html(n)) for n in (FIRST, SECOND, THIRD)]
        path = crawls.add("CC-MAIN-2024-10", held)
        wrong = held[0]._replace(url=page_url(SECOND + 1))
        (place,) = write_warc(path.with_name("other.warc.gz"), [wrong])
        row = crawls.collections["CC-MAIN-2024-10"][0]
        row |= {"filename": row["filename"].replace("part-00000", "other")}
        row |= {"offset": str(place[0]), "length": str(place[1])}
        db = str(tmp_path / "a.db")
        arguments = {"index": crawls.url, "data": crawls.url}
        log = crawl_all([Crawl(HOME, db, arguments, spider="commoncrawl")])
    assert query(db, "SELECT site_id FROM articles ORDER BY 1") == [(SECOND,), (THIRD,)]
    assert query(db, "SELECT outcome FROM captures ORDER BY outcome DESC LIMIT 1") == [
        ("redirect",)
    ]
    assert f"expected a copy of {page_url(FIRST)}" in log


def test_forms_of_one_url_are_one_page(tmp_path: Path) -> None:
    """Scheme, www, a trailing slash, escapes, and case of the host make no difference."""
    forms = [
        f"http://PRACTICE.example:80/news/contents/details/{FIRST}/",
        f"https://practice.example/news/contents/ministry_details/{FIRST}",
        f"https://practice.example/news/contents/details/%3{str(FIRST)[0]}{str(FIRST)[1:]}",
        f"https://practice.example/news/contents/details/{FIRST}?a=1,2;3",
    ]
    with ExitStack() as servers:
        crawls = []
        for position, form in enumerate(forms):
            archive = servers.enter_context(serving(SmallWayback()))
            archive.hold(NEW, page_url(FIRST), SITE.html(FIRST), original(form))
            crawls.append(_crawl(archive, tmp_path / str(position)))
        crawl_all(crawls)
    assert [query(crawl.db, "SELECT site_id FROM articles") for crawl in crawls] == [
        [(FIRST,)] for _ in forms
    ]
