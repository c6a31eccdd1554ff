"""The files of the practice site: known, repeatable, and wrong in known ways."""

from __future__ import annotations

from http.client import IncompleteRead
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from scraper.model import Layout
from scraper.practice.files.attached import FileDelivery, sent_file
from scraper.practice.html.news import proxied
from scraper.practice.prose.drafts import MEDIA, document_suffix
from scraper.practice.server.files import HUGE
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.practice.server.http import Served

HOST = MEDIA.removesuffix("/uploads")
NUMBERS = range(160, 176)


def address(number: int, suffix: str = "pdf") -> str:
    return f"{MEDIA}/document/3/2025/08/{suffix}/เอกสารแนบ_{number}.{suffix}"


def path_of(url: str) -> str:
    return quote(url.removeprefix(HOST), safe="/:=#").replace("#", "%23")


@pytest.fixture(scope="module", params=Layout)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    with serve(PracticeSite(20, layout=request.param)) as served:
        yield served


@pytest.mark.parametrize("layout", Layout)
def test_every_link_of_a_site_leads_to_a_file(layout: Layout) -> None:
    site = PracticeSite(120, layout=layout)
    files = [file for n in site.numbers() for file in site.truth(n).attachments]
    kinds = {file.kind for file in files if sent_file(file.url.removeprefix(HOST)) is not None}
    assert kinds == {"image", "document"}
    for file in files:
        if file.kind in {"image", "document"}:
            assert sent_file(file.url.removeprefix(HOST)) is not None, file.url


def test_every_delivery_and_format_occurs() -> None:
    assert {sent_file(address(n)).delivery for n in NUMBERS} == set(FileDelivery)  # type: ignore[union-attr]
    assert {document_suffix(n) for n in NUMBERS} == {"pdf", "docx", "xlsx"}


@pytest.mark.parametrize(
    "path",
    ["/uploads/", "/uploads/a.pdf", "/uploads/1_a.svg", "/other/1_a.pdf", "/x=/https://b/1.pdf"],
)
def test_other_paths_are_not_files(path: str) -> None:
    assert sent_file(path) is None


def test_files_are_sent_as_they_are(served: Served) -> None:
    for url in (address(160), proxied(address(160)), address(164, "docx"), address(166, "xlsx")):
        file = sent_file(url.removeprefix(HOST))
        assert file is not None
        with urlopen(served.url + path_of(url)) as answer:
            assert answer.read() == file.content
            assert answer.headers.get_content_type() != "text/html"


def test_what_goes_wrong_over_http(served: Served) -> None:
    found = {sent_file(address(n)).delivery: served.url + path_of(address(n)) for n in NUMBERS}  # type: ignore[union-attr]
    with pytest.raises(HTTPError, match="404"):
        urlopen(found[FileDelivery.MISSING])
    with urlopen(found[FileDelivery.WEB_PAGE]) as answer:
        assert answer.headers.get_content_type() == "text/html"
    with urlopen(found[FileDelivery.MOVED]) as answer:
        assert "/uploads/moved/" in answer.url
        assert answer.read().startswith(b"%PDF")
    with urlopen(Request(found[FileDelivery.HUGE], method="HEAD")) as answer:
        assert answer.headers["Content-Length"] == str(HUGE)
    with urlopen(found[FileDelivery.HUGE]) as answer, pytest.raises((IncompleteRead, OSError)):
        answer.read()


def test_shared_files_have_the_same_bytes() -> None:
    one, other = (sent_file(address(n)) for n in (30, 46))
    assert one is not None
    assert other is not None
    assert one.content == other.content != b""
