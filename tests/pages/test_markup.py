"""Lines, attachments and URLs in HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from scraper.model import Attachment
from scraper.pages.markup import absolute_url, attachments_of, lines_of, reveal_emails

if TYPE_CHECKING:
    from bs4.element import Tag

BASE = "https://www.thaigov.go.th/news/contents/details/1"


def block(html: str) -> Tag:
    found = BeautifulSoup(f"<div>{html}</div>", "lxml").div
    assert found
    return found


def texts(html: str) -> list[str]:
    return [line.text for line in lines_of(block(html))]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>ก</p><p>ข</p>", ["ก", "ข"]),
        ("ก<br>ข<br/><br/>ค", ["ก", "ข", "ค"]),
        ("ก<p>ข</p>ค", ["ก", "ข", "ค"]),
        ("<ul><li>ก<li>ข</ul>", ["ก", "ข"]),
        ("<div>&nbsp;</div><div>ก&nbsp;&nbsp; ข\r\n ค</div>", ["ก ข ค"]),
        ("<p>ว่<b>า</b><span style='x'>ว</span> <u>ไทย</u></p>", ["ว่าว ไทย"]),
        ("<p class=MsoNormal>ก<o:p></o:p></p><p><o:p>&nbsp;</o:p></p>", ["ก"]),
        ("ก<script>var a = 'ข';</script><style>ค{}</style><!-- ง --><noscript>จ</noscript>", ["ก"]),
        ("<p>ก\u2028ข\u200b</p>", ["ก ข"]),
        ("<table><tr><td>ก<td>ข</tr><tr><td>ค<td>ง</table>", ["ก | ข", "ค | ง"]),
        ("<table><tr><td><p>ก</p><p>ข</p></td><td>74</td><td> </td></tr></table>", ["ก ข | 74"]),
        ("<table><tr><td></td><td>ก</td></tr></table>ข", ["ก", "ข"]),
        ("<table><tr><td><p>ก</p><p>ข</p></td></tr></table>", ["ก", "ข"]),
        (
            "<table><tr><td>ก<table><tr><td>ข</td></tr></table></td><td>ค</td></tr></table>ง",
            ["ก | ข | ค", "ง"],
        ),
        ("", []),
    ],
)
def test_lines_are_those_a_browser_shows(html: str, lines: list[str]) -> None:
    assert texts(html) == lines


def test_line_has_its_links_and_block() -> None:
    first, second = lines_of(block("<p>ดู <a href='/a'>ก</a><a href='/b'>ข</a></p><h3>ค</h3>"))
    assert (first.hrefs, first.block.name) == (("/a", "/b"), "p")
    assert (second.hrefs, second.block.name) == ((), "h3")


def test_nesting_may_be_deep() -> None:
    depth = 5_000
    assert texts("<font>" * depth + "ก") == ["ก"]


@pytest.mark.parametrize(
    ("html", "kind", "url"),
    [
        ("<img src='/a/1_ว่าว 1.jpg'>", "image", "https://www.thaigov.go.th/a/1_ว่าว 1.jpg"),
        ("<img src='https://m.example/a#1.JPG'>", "image", "https://m.example/a#1.JPG"),
        (
            "<img src='//m.example/t0k=/https://a.example/x'>",
            "image",
            "https://m.example/t0k=/https://a.example/x",
        ),
        (
            "<a href='https://m.example/ก.pdf?x=1.2'>ก</a>",
            "document",
            "https://m.example/ก.pdf?x=1.2",
        ),
        (
            "<a href='b.XLSX'>ก</a>",
            "document",
            "https://www.thaigov.go.th/news/contents/details/b.XLSX",
        ),
        ("<audio src='/a.mp3'></audio>", "audio", "https://www.thaigov.go.th/a.mp3"),
        ("<audio><source src='/a.mp3'></audio>", "audio", "https://www.thaigov.go.th/a.mp3"),
        ("<video src='/a?id=1'></video>", "video", "https://www.thaigov.go.th/a?id=1"),
        (
            "<script>clip: {\n // src: 'vod/testcar.mp4'\n src:  \"https://m.example/ก.mp4\"\n}</script>",
            "video",
            "https://m.example/ก.mp4",
        ),
    ],
)
def test_attachments(html: str, kind: str, url: str) -> None:
    (file,) = attachments_of(block(html), BASE)
    assert (file.kind, file.url) == (kind, url)


@pytest.mark.parametrize(
    ("url", "original"),
    [
        ("https://m.example/t0k=/https://a.example/u/ก 1#2.jpg", "https://a.example/u/ก 1#2.jpg"),
        ("https://m.example/a/b/http://a.example/x.png", "http://a.example/x.png"),
        ("https://m.example/u/1.jpg", None),
        ("https://m.example/u/1.jpg?from=https://a.example/2.jpg", None),
    ],
)
def test_original_is_the_url_at_the_end_of_a_proxy_url(url: str, original: str | None) -> None:
    (file,) = attachments_of(block(f"<img src='{url}'>"), BASE)
    assert file == Attachment(kind="image", url=url, original=original)


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:void(0)'>ก</a>",
        "<img src='data:image/gif;base64,R0lG'>",
        "<img src=''><img>",
        "<a href='https://example.org/'>ก</a>",
        "<a href='http://[x/a.pdf'>ก</a>",
        "<a href='mailto:a@example.org'>ก</a>",
    ],
)
def test_other_links_are_not_attachments(html: str) -> None:
    assert list(attachments_of(block(html), BASE)) == []


def test_url_keeps_its_characters() -> None:
    assert absolute_url(" /ก ข\n#1.pdf ", BASE) == "https://www.thaigov.go.th/ก ข#1.pdf"


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("5a2a281a3f223b372a363f7435283d", "pr@example.org"),
        ("5a", ""),
        ("zz", "[email protected]"),
        ("", "[email protected]"),
        ("00ff", "[email protected]"),
    ],
)
def test_hidden_emails_are_restored(hidden: str, shown: str) -> None:
    html = f"ถึง <a class='__cf_email__' data-cfemail='{hidden}'>[email&#160;protected]</a>"
    element = block(html)
    reveal_emails(element)
    assert [line.text for line in lines_of(element)] == [f"ถึง {shown or '[email protected]'}"]
