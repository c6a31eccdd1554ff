"""Attachments and URLs in HTML."""

from __future__ import annotations

import pytest

from scraper.model import Attachment
from scraper.pages.links import absolute_url, attachments_of
from tests.pages.samples import block

BASE = "https://www.thaigov.go.th/news/contents/details/1"


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
