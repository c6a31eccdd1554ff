"""Superseded versions: their search, their pages, and addresses that stay."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse import downloads
from scraper.browse.app import Options
from scraper.browse.version_page import find_version, version_permalink
from scraper.search.versions import search_versions
from scraper.warc.record import digest_of
from tests.browse.conftest import served, store
from tests.factories import MOMENT, make_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from tests.browse.conftest import Site

BODIES = ("ข้อความแรกเรื่องโรงงาน", "ข้อความที่สองเรื่องเขื่อน", "ข้อความแรกเรื่องโรงงาน", "ข้อความที่สี่")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the site of an article with four versions, the first and third alike."""
    path = tmp_path_factory.mktemp("versions") / "thaigov.db"
    with ArchiveWriter(path, "import", {}) as writer:
        for day, body in enumerate(BODIES):
            moment = MOMENT + timedelta(days=day)
            store(writer, 1, make_article(1, body=body), b"%d" % day, fetched_at=moment)
    with served(path, Options()) as site:
        yield site


def test_deleted_text_is_found(practice: Site, archive: Database) -> None:
    total = search_versions(archive, "จังหวัด").total
    assert total > 5
    page = practice.page("/-/search?q=จังหวัด&versions=1")
    assert '<a class="skip" href="#hits">' in page
    assert f"พบ {total:,} ฉบับ" in page
    assert "ไม่มีในฉบับปัจจุบันแล้ว" in page
    address = re.findall(r'<h3><a href="([^"#]+)#hit"', page)[0]
    version = practice.page(address.replace("&amp;", "&"))
    assert "ถูกแทนที่แล้ว" in version
    assert '<mark id="hit">จังหวัด</mark>' in version.replace("<wbr>", "")


def test_a_search_offers_superseded_versions(practice: Site) -> None:
    assert 'name="versions" value="1"' in practice.page("/-/search?q=จังหวัด")


def test_json_and_csv_of_versions(practice: Site, archive: Database) -> None:
    total = search_versions(archive, "จังหวัด").total
    found, url = [], "/-/search.json?q=จังหวัด&versions=1&size=4"
    while url:
        data = practice.get(url.removeprefix("http://localhost")).json()
        assert data["total"] == total
        found += data["hits"]
        url = data["next_url"]
    assert len({(hit["id"], hit["revision"]) for hit in found}) == total == len(found)
    answer = practice.get(found[0]["page"].removeprefix("http://localhost"))
    assert answer.headers["location"] == f"/thaigov/articles/{found[0]['id']}/versions/1"
    sheet = practice.get("/-/search.csv?q=จังหวัด&versions=1").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert [row["page"] for row in rows] == [hit["page"] for hit in found]
    assert practice.get("/-/search.json?q=ก&versions=1&after=x").status_code == 400
    assert 'role="alert"' in practice.page("/-/search?q=ก&versions=1&since=x", 400)


@pytest.mark.parametrize("batch", [3, 500])
def test_files_of_versions_are_whole(
    public: Site, archive: Database, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, unlike a page of JSON."""
    monkeypatch.setattr(downloads, "BATCH", batch)
    monkeypatch.setattr("scraper.browse.search.MAX_HITS", 2)
    total = search_versions(archive, None).total
    assert total > 10
    sheet = public.get("/-/search.csv?versions=1").text
    rows = list(csv.DictReader(io.StringIO(sheet)))
    whole = public.get("/-/search.json?versions=1&size=all").json()
    assert len(rows) == len(whole["hits"]) == whole["total"] == total
    for row, hit in zip(rows, whole["hits"], strict=True):
        assert (row["article_id"], row["page"]) == (str(hit["id"]), hit["page"])
        assert bool(int(row["is_current"])) is hit["is_current"] is True
        assert hit["page"].startswith("http://localhost/-/at/")
    first = public.get("/-/search.json?versions=1&size=100").json()
    assert len(first["hits"]) == 2
    for hit, known in zip(whole["hits"], first["hits"], strict=False):
        assert hit.keys() == known.keys() - {"snippet"} | {"article_id"}
    assert public.get("/-/search.csv?versions=1&after=1,2,3").status_code == 400
    some = public.get("/-/search.csv?versions=1&size=4&page=2").text.splitlines()
    assert some[1:] == sheet.splitlines()[5:9]


def test_each_version_has_a_page(site: Site) -> None:
    for revision, body in enumerate(BODIES[:-1], 1):
        page = site.page(f"/thaigov/articles/1/versions/{revision}")
        assert f"ฉบับที่ {revision} จาก 4 ถูกแทนที่แล้ว" in page
        assert body in re.sub("<[^>]+>", "", page)
        assert digest_of(b"%d" % (revision - 1)) in page
    article = site.page("/thaigov/articles/1")
    assert all(f'href="/thaigov/articles/1/versions/{n}"' in article for n in (1, 2, 3))


@pytest.mark.parametrize("path", ["1/versions/4", "1/versions/9", "2/versions/1", "1/versions/0"])
def test_what_is_no_superseded_version_has_no_page(site: Site, path: str) -> None:
    assert site.get(f"/thaigov/articles/{path}").status_code == 404
    assert site.get("/other/articles/1/versions/1").status_code == 404


@pytest.mark.parametrize(
    ("capture", "place"), [(0, "/versions/1"), (1, "/versions/2"), (2, "/versions/3"), (3, "")]
)
def test_a_version_is_found_by_its_capture(site: Site, capture: int, place: str) -> None:
    digest = digest_of(b"%d" % capture)
    permanent = version_permalink(make_article(1).url, digest)
    answer = site.get(permanent)
    assert answer.headers["location"] == f"/thaigov/articles/1{place}"
    assert site.get(permanent[:-4] + "0000").status_code == 404
    by_url = site.get(f"/-/at?url={make_article(1).url}&digest={digest}")
    assert by_url.headers["location"] == answer.headers["location"]
    assert site.get(f"/-/at?url=x&digest={digest}").status_code == 404
    assert site.get("/-/at?url=1").headers["location"] == "/thaigov/articles/1"


def test_the_permanent_address_outlives_an_older_capture(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("later") / "thaigov.db"
    with ArchiveWriter(path, "import", {}) as writer:
        article = make_article(1, body=BODIES[0])
        store(writer, 1, article, b"0")
        store(writer, 1, make_article(1, body=BODIES[1]), b"1", fetched_at=MOMENT + timedelta(1))
        assert find_version(writer.db, article.url, digest_of(b"0")) == (1, 1)
        early = make_article(1, body="ฉบับเก่ากว่า")
        store(writer, 1, early, b"early", fetched_at=MOMENT - timedelta(1))
        assert find_version(writer.db, article.url, digest_of(b"0")) == (1, 2)
        assert find_version(writer.db, article.url, digest_of(b"none")) is None
