"""One archive of practice articles and one of hostile ones, each served by a real Datasette."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.database import open_for_reading
from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options, make_datasette
from scraper.imports.ingest import ingest
from scraper.model import AgencyMentions, Attachment, Incoming, Layout, MinistryScore, Origin
from scraper.practice.site.still import PracticeSite
from scraper.sources import PRACTICE, article_url
from tests.browse.chromium import listening, started
from tests.browse.hostile import add_hostile_facts, hostile_articles
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from datasette.app import Datasette
    from playwright.sync_api import Browser
    from sqlite_utils import Database

    from scraper.model import Article

SIZE = 240
ORIGINS = (Origin.LIVE, Origin.LIVE, Origin.WAYBACK, Origin.COMMONCRAWL)
EDITED = 7  # every so many articles change three days later
TWIN = 999_001  # number of the first further article


class Site:
    """A Datasette with an in-process client."""

    def __init__(self, datasette: Datasette) -> None:
        self.datasette = datasette

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Request a path."""
        asked = self.datasette.client.get(path, headers=headers)
        answer: httpx.Response = asyncio.run(asked)
        return answer

    def page(self, path: str, status: int = 200) -> str:
        """Request a page, check its status and return its text."""
        answer = self.get(path)
        assert answer.status_code == status, answer.text
        return answer.text


@contextmanager
def served(path: Path, options: Options) -> Iterator[Site]:
    """Serve an archive while a block runs."""
    datasette = make_datasette(path, options)
    try:
        yield Site(datasette)
    finally:
        datasette.executor.shutdown()
        for database in datasette.databases.values():
            database.close()


def store(
    writer: ArchiveWriter, number: int, article: Article | None, body: bytes, **fields: Any
) -> None:
    """Store a capture with its article, or without one."""
    capture = make_capture(number, body, **fields)
    (stored,) = writer.capture([Incoming(capture)])
    writer.save([make_page(stored, article)])


def practice_captures(site: PracticeSite) -> Iterator[Incoming]:
    """Yield a capture of each article on the day it was published, and later ones of some."""
    for index, number in enumerate(site.numbers()):
        day = site.truth(number).published_on
        moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        url = article_url(PRACTICE, Layout.CONTENTS, number)
        body = site.html(number)
        origin = ORIGINS[index % len(ORIGINS)]
        yield Incoming(make_capture(number, body, url=url, fetched_at=moment, origin=origin))
        edited = body.replace("จังหวัด".encode(), "เมือง".encode())
        if index % EDITED == 0 and edited != body:
            later = moment + timedelta(days=3)
            yield Incoming(make_capture(number, edited, url=url, fetched_at=later))


def further_articles() -> Iterator[Article]:
    """Yield articles of kinds the practice site lacks.

    Same text twice, two ministries, real agencies, hashtags, days without news before.
    """
    last = date(2025, 9, 12)
    both = tuple(
        MinistryScore(ministry=name, score=2, evidence=(f"title: {name} ×1",))
        for name in ("industry", "energy")
    )
    agencies = (
        AgencyMentions(agency="diw", mentions=3, evidence=("title: กรอ. ×1", "body: กรมโรงงาน ×2")),
        AgencyMentions(agency="dede", mentions=1, evidence=("body: พพ. ×1",)),
    )
    for number in (TWIN, TWIN + 1):
        yield make_article(
            number,
            body="เนื้อข่าวเดียวกันทั้งสองหมายเลข",
            published_on=last,
            ministries=both,
            agencies=agencies,
            hashtags=("ข่าวทดสอบ",),
            attachments=(Attachment(kind="document", url="https://media.example/แผน 1.pdf"),),
            links=(article_url(PRACTICE, Layout.CONTENTS, TWIN + 2),),
        )
    yield make_article(TWIN + 2, published_on=last, title="ข่าวที่จะถูกลบ", agencies=agencies[:1])


def add_practice(writer: ArchiveWriter, size: int) -> None:
    """Import practice articles from several sources, some of them edited."""
    ingest(writer, practice_captures(PracticeSite(size, resume_length=20_000)), workers=0)


@pytest.fixture(scope="session")
def practice_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of practice articles and ``further_articles``."""
    path = tmp_path_factory.mktemp("browse") / "thaigov.db"
    with ArchiveWriter(path, "import practice", {}) as writer:
        add_practice(writer, SIZE)
        for article in further_articles():
            store(writer, article.site_id, article, article.url.encode())
        for days in (10, 20):  # removed: found missing twice, days apart
            moment = MOMENT + timedelta(days=days)
            store(writer, TWIN + 2, None, f"{days}".encode(), fetched_at=moment)
    return path


@pytest.fixture(scope="session")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of hostile articles."""
    path = tmp_path_factory.mktemp("hostile") / "thaigov.db"
    with ArchiveWriter(path, "import hostile", {}) as writer:
        for article in hostile_articles():
            source = f"data/{article.title[:2000]}.txt"
            earlier = article.model_copy(update={"body": f"{article.body}\nowned before"})
            day = MOMENT - timedelta(1)
            store(writer, article.site_id, earlier, earlier.body.encode(), fetched_at=day)
            store(writer, article.site_id, article, article.body.encode(), source=source)
        with writer.db.atomic():
            add_hostile_facts(writer.db)
    return path


@pytest.fixture(scope="session")
def practice(practice_db: Path) -> Iterator[Site]:
    """Return the site of the practice archive, not public."""
    with served(practice_db, Options()) as site:
        yield site


@pytest.fixture(scope="session")
def public(practice_db: Path) -> Iterator[Site]:
    """Return the public site of the practice archive."""
    with served(practice_db, Options(public=True)) as site:
        yield site


@pytest.fixture(scope="session")
def hostile(hostile_db: Path) -> Iterator[Site]:
    """Return the site of the hostile archive."""
    with served(hostile_db, Options()) as site:
        yield site


@pytest.fixture(scope="session")
def archive(practice_db: Path) -> Iterator[Database]:
    """Return the practice archive, opened for reading."""
    with open_for_reading(practice_db) as db:
        yield db


# Of a module: Playwright's event loop runs from start to end, and a thread has but one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser; ``chromium.visit`` opens pages in it."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def home(practice: Site) -> Iterator[str]:
    """Return the address at which the practice archive is served."""
    with listening(practice) as address:
        yield address


@pytest.fixture(scope="module")
def den(hostile: Site) -> Iterator[str]:
    """Return the address at which the hostile archive is served."""
    with listening(hostile) as address:
        yield address
